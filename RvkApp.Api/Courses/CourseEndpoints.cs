using Microsoft.AspNetCore.Http.HttpResults;
using MongoDB.Bson;
using RvkApp.Api.Platform.Http;
using RvkApp.Api.Platform.Mongo;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Courses;

/// <summary>What is taught.</summary>
internal static class CourseEndpoints
{
    private const string Noun = "course";

    public static IServiceCollection AddCourses(this IServiceCollection services) => services
        .AddSingleton<Enrolment>()
        .AddRequestValidator<CreateCourse, CreateCourseValidator>()
        .AddRequestValidator<UpdateCourse, UpdateCourseValidator>()
        .AddRequestValidator<EnrolmentRequest, EnrolmentRequestValidator>();

    public static void MapCourses(this IEndpointRouteBuilder routes)
    {
        var courses = routes.MapGroup("/courses").WithTags("Courses").RequireAuthorization().ValidateRouteId().ValidateRequests().UseDatabase().DescribeCommonErrors();
        courses.MapGet("/", ListAsync).WithName("ListCourses").WithSummary("Lists courses, a page at a time");
        courses.MapGet("/{id}", GetAsync).WithName("GetCourse").WithSummary("One course");

        var writes = courses.MapGroup("").RequireAdmin();
        writes.MapPost("/", CreateAsync).WithName("CreateCourse").WithSummary("Creates a course");
        writes.MapPut("/{id}", UpdateAsync).WithName("UpdateCourse").WithSummary("Changes fields of a course");
        writes.MapDelete("/{id}", DeleteAsync).WithName("DeleteCourse").WithSummary("Deletes a course")
            .WithDescription("Every student and teacher is taken out of the course.");
    }

    private static async Task<Ok<CourseResponse[]>> ListAsync(
        [AsParameters] PageQuery query, HttpContext context, SchoolDatabase database, CancellationToken cancellationToken)
    {
        var page = query.ToRequest();
        var (courses, total) = await database.Courses.FindPageAsync(page, cancellationToken);
        Paging.WriteHeaders(context, page, total);
        return TypedResults.Ok<CourseResponse[]>([.. courses.Select(CourseResponse.From)]);
    }

    private static async Task<Results<Ok<CourseResponse>, NotFoundProblem>> GetAsync(
        string id, SchoolDatabase database, CancellationToken cancellationToken)
        => await database.Courses.FindAsync(ObjectId.Parse(id), cancellationToken) is { } course
            ? TypedResults.Ok(CourseResponse.From(course))
            : Missing.Document(Noun, id);

    private static async Task<Results<Created<CourseResponse>, ConflictProblem>> CreateAsync(
        CreateCourse request, SchoolDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var course = new CourseDocument
        {
            Id = ObjectId.GenerateNewId(),
            Title = request.Title!,
            Code = request.Code!,
            Credits = request.Credits!.Value,
            CreatedAt = now,
            UpdatedAt = now,
        };

        try
        {
            await database.Courses.InsertAsync(course, cancellationToken);
        }
        catch (DuplicateValueException duplicate)
        {
            return ConflictProblem.From(duplicate);
        }

        return TypedResults.Created($"/courses/{course.Id}", CourseResponse.From(course));
    }

    private static async Task<Results<Ok<CourseResponse>, NotFoundProblem, ConflictProblem>> UpdateAsync(
        string id, UpdateCourse request, SchoolDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var changes = new FieldChanges(clock)
            .Set(CourseDocument.TitleField, request.Title)
            .Set(CourseDocument.CodeField, request.Code)
            .Set(CourseDocument.CreditsField, request.Credits);

        try
        {
            return await database.Courses.SetAsync(ObjectId.Parse(id), changes.ToBson(), cancellationToken) is { } course
                ? TypedResults.Ok(CourseResponse.From(course))
                : Missing.Document(Noun, id);
        }
        catch (DuplicateValueException duplicate)
        {
            return ConflictProblem.From(duplicate);
        }
    }

    private static async Task<Results<NoContent, NotFoundProblem>> DeleteAsync(string id, Enrolment enrolment)
        => await enrolment.DeleteCourseAsync(ObjectId.Parse(id)) ? TypedResults.NoContent() : Missing.Document(Noun, id);
}
