using System.ComponentModel.DataAnnotations;
using RvkApp.Api.Platform.Http;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Courses;

/// <summary>A new course.</summary>
internal sealed record CreateCourse
{
    /// <summary>What the course is called.</summary>
    [Required]
    public string? Title { get; set; }

    /// <summary>Its short name, stored in upper case; unique.</summary>
    [Required]
    public string? Code { get; set => field = Normalize.Code(value); }

    /// <summary>What it counts.</summary>
    [Required]
    public int? Credits { get; set; }
}

/// <summary>The fields of a course to change.</summary>
internal sealed record UpdateCourse : IPartialUpdate
{
    /// <summary>What the course is called.</summary>
    public string? Title { get; set; }

    /// <summary>Its short name, stored in upper case; unique.</summary>
    public string? Code { get; set => field = Normalize.Code(value); }

    /// <summary>What it counts.</summary>
    public int? Credits { get; set; }

    bool IPartialUpdate.IsEmpty => (Title, Code, Credits) is (null, null, null);
}

/// <summary>A course.</summary>
internal sealed record CourseResponse(string Id, string Title, string Code, int Credits, DateTime CreatedAt, DateTime UpdatedAt)
{
    public static CourseResponse From(CourseDocument course)
        => new(course.Id.ToString(), course.Title, course.Code, course.Credits, course.CreatedAt, course.UpdatedAt);
}

/// <summary>The course to enroll in or to leave.</summary>
internal sealed record EnrolmentRequest
{
    /// <summary>The course's id.</summary>
    [Required]
    public string? CourseId { get; set; }
}
