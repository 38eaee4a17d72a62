using System.ComponentModel.DataAnnotations;
using MongoDB.Bson;
using RvkApp.Api.Courses;
using RvkApp.Api.Platform.Http;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Students;

/// <summary>A new student.</summary>
internal sealed record CreateStudent
{
    /// <summary>The student's name.</summary>
    [Required]
    public string? Name { get; set; }

    /// <summary>The student's e-mail address; unique among students.</summary>
    [Required]
    public string? Email { get; set => field = Normalize.Email(value); }

    /// <summary>The student's age in years.</summary>
    [Required]
    public int? Age { get; set; }
}

/// <summary>The fields of a student to change.</summary>
internal sealed record UpdateStudent : IPartialUpdate
{
    /// <summary>The student's name.</summary>
    public string? Name { get; set; }

    /// <summary>The student's e-mail address; unique among students.</summary>
    public string? Email { get; set => field = Normalize.Email(value); }

    /// <summary>The student's age in years.</summary>
    public int? Age { get; set; }

    bool IPartialUpdate.IsEmpty => (Name, Email, Age) is (null, null, null);
}

/// <summary>A student with courses in the order of enrolment.</summary>
internal sealed record StudentResponse(
    string Id, string Name, string Email, int Age, CourseResponse[] Courses, DateTime CreatedAt, DateTime UpdatedAt)
{
    public static StudentResponse From(StudentDocument student, IReadOnlyDictionary<ObjectId, CourseDocument> courses)
        => new(student.Id.ToString(), student.Name, student.Email, student.Age, courses.CoursesFor(student), student.CreatedAt, student.UpdatedAt);
}
