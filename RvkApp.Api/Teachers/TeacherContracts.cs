using System.ComponentModel.DataAnnotations;
using MongoDB.Bson;
using RvkApp.Api.Courses;
using RvkApp.Api.Platform.Http;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Teachers;

/// <summary>A new teacher.</summary>
internal sealed record CreateTeacher
{
    /// <summary>The teacher's name.</summary>
    [Required]
    public string? Name { get; set; }

    /// <summary>The teacher's e-mail address; unique among teachers.</summary>
    [Required]
    public string? Email { get; set => field = Normalize.Email(value); }

    /// <summary>The teacher's age in years.</summary>
    public int? Age { get; set; }
}

/// <summary>The fields of a teacher to change.</summary>
internal sealed record UpdateTeacher : IPartialUpdate
{
    /// <summary>The teacher's name.</summary>
    public string? Name { get; set; }

    /// <summary>The teacher's e-mail address; unique among teachers.</summary>
    public string? Email { get; set => field = Normalize.Email(value); }

    /// <summary>The teacher's age in years.</summary>
    public int? Age { get; set; }

    bool IPartialUpdate.IsEmpty => (Name, Email, Age) is (null, null, null);
}

/// <summary>A teacher with courses in the order of enrolment.</summary>
internal sealed record TeacherResponse(
    string Id, string Name, string Email, int? Age, CourseResponse[] Courses, DateTime CreatedAt, DateTime UpdatedAt)
{
    public static TeacherResponse From(TeacherDocument teacher, IReadOnlyDictionary<ObjectId, CourseDocument> courses)
        => new(teacher.Id.ToString(), teacher.Name, teacher.Email, teacher.Age, courses.CoursesFor(teacher), teacher.CreatedAt, teacher.UpdatedAt);
}
