using Microsoft.AspNetCore.Http.HttpResults;
using MongoDB.Bson;
using RvkApp.Api.Courses;
using RvkApp.Api.Platform.Http;
using RvkApp.Api.Platform.Mongo;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Teachers;

/// <summary>Who teaches, and which courses.</summary>
internal static class TeacherEndpoints
{
    public static IServiceCollection AddTeachers(this IServiceCollection services) => services
        .AddRequestValidator<CreateTeacher, CreateTeacherValidator>()
        .AddRequestValidator<UpdateTeacher, UpdateTeacherValidator>();

    public static void MapTeachers(this IEndpointRouteBuilder routes)
    {
        var teachers = routes.MapGroup("/teachers").WithTags("Teachers").RequireAuthorization().ValidateRouteId().ValidateRequests().UseDatabase().DescribeCommonErrors();
        teachers.MapGet("/", ListAsync).WithName("ListTeachers").WithSummary("Lists teachers with their courses, a page at a time");
        teachers.MapGet("/{id}", GetAsync).WithName("GetTeacher").WithSummary("One teacher with courses");

        var writes = teachers.MapGroup("").RequireAdmin();
        writes.MapPost("/", CreateAsync).WithName("CreateTeacher").WithSummary("Creates a teacher");
        writes.MapPut("/{id}", UpdateAsync).WithName("UpdateTeacher").WithSummary("Changes fields of a teacher");
        writes.MapDelete("/{id}", DeleteAsync).WithName("DeleteTeacher").WithSummary("Deletes a teacher");
        writes.MapPost("/{id}/enroll", EnrollAsync).WithName("EnrollTeacher").WithSummary("Enrolls a teacher in a course")
            .WithDescription("Enrolling again changes nothing.");
        writes.MapPost("/{id}/unenroll", UnenrollAsync).WithName("UnenrollTeacher").WithSummary("Takes a teacher out of a course")
            .WithDescription("Doing so again changes nothing.");
    }

    private static async Task<Ok<TeacherResponse[]>> ListAsync(
        [AsParameters] PageQuery query, HttpContext context, SchoolDatabase database, Enrolment enrolment, CancellationToken cancellationToken)
    {
        var page = query.ToRequest();
        var (teachers, total) = await database.Teachers.FindPageAsync(page, cancellationToken);
        var courses = await enrolment.CoursesOfAsync(teachers, cancellationToken);
        Paging.WriteHeaders(context, page, total);
        return TypedResults.Ok<TeacherResponse[]>([.. teachers.Select(teacher => TeacherResponse.From(teacher, courses))]);
    }

    private static async Task<Results<Ok<TeacherResponse>, NotFoundProblem>> GetAsync(
        string id, SchoolDatabase database, Enrolment enrolment, CancellationToken cancellationToken)
        => await database.Teachers.FindAsync(ObjectId.Parse(id), cancellationToken) is { } teacher
            ? TypedResults.Ok(TeacherResponse.From(teacher, await enrolment.CoursesOfAsync([teacher], cancellationToken)))
            : Missing.Document(TeacherDocument.Noun, id);

    private static async Task<Results<Created<TeacherResponse>, ConflictProblem>> CreateAsync(
        CreateTeacher request, SchoolDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var teacher = new TeacherDocument
        {
            Id = ObjectId.GenerateNewId(),
            Name = request.Name!,
            Email = request.Email!,
            Age = request.Age,
            CourseIds = [],
            CreatedAt = now,
            UpdatedAt = now,
        };

        try
        {
            await database.Teachers.InsertAsync(teacher, cancellationToken);
        }
        catch (DuplicateValueException duplicate)
        {
            return ConflictProblem.From(duplicate);
        }

        return TypedResults.Created($"/teachers/{teacher.Id}", TeacherResponse.From(teacher, new Dictionary<ObjectId, CourseDocument>()));
    }

    private static async Task<Results<Ok<TeacherResponse>, NotFoundProblem, ConflictProblem>> UpdateAsync(
        string id, UpdateTeacher request, SchoolDatabase database, Enrolment enrolment, TimeProvider clock, CancellationToken cancellationToken)
    {
        var changes = new FieldChanges(clock)
            .Set(TeacherDocument.NameField, request.Name)
            .Set(TeacherDocument.EmailField, request.Email)
            .Set(TeacherDocument.AgeField, request.Age);

        try
        {
            return await database.Teachers.SetAsync(ObjectId.Parse(id), changes.ToBson(), cancellationToken) is { } teacher
                ? TypedResults.Ok(TeacherResponse.From(teacher, await enrolment.CoursesOfAsync([teacher], cancellationToken)))
                : Missing.Document(TeacherDocument.Noun, id);
        }
        catch (DuplicateValueException duplicate)
        {
            return ConflictProblem.From(duplicate);
        }
    }

    private static async Task<Results<NoContent, NotFoundProblem>> DeleteAsync(string id, SchoolDatabase database, CancellationToken cancellationToken)
        => await database.Teachers.DeleteAsync(ObjectId.Parse(id), cancellationToken)
            ? TypedResults.NoContent()
            : Missing.Document(TeacherDocument.Noun, id);

    private static async Task<Results<Ok<TeacherResponse>, NotFoundProblem>> EnrollAsync(
        string id, EnrolmentRequest request, SchoolDatabase database, Enrolment enrolment, CancellationToken cancellationToken)
    {
        var result = await enrolment.EnrollAsync(database.Teachers, ObjectId.Parse(id), ObjectId.Parse(request.CourseId), cancellationToken);
        return result.ToHttpResult(id, request.CourseId!, TeacherResponse.From);
    }

    private static async Task<Results<Ok<TeacherResponse>, NotFoundProblem>> UnenrollAsync(
        string id, EnrolmentRequest request, SchoolDatabase database, Enrolment enrolment, CancellationToken cancellationToken)
    {
        var result = await enrolment.UnenrollAsync(database.Teachers, ObjectId.Parse(id), ObjectId.Parse(request.CourseId), cancellationToken);
        return result.ToHttpResult(id, request.CourseId!, TeacherResponse.From);
    }
}
