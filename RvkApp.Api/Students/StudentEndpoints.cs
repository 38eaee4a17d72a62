using Microsoft.AspNetCore.Http.HttpResults;
using MongoDB.Bson;
using RvkApp.Api.Courses;
using RvkApp.Api.Platform.Http;
using RvkApp.Api.Platform.Mongo;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Students;

/// <summary>Who learns, and in which courses.</summary>
internal static class StudentEndpoints
{
    public static IServiceCollection AddStudents(this IServiceCollection services) => services
        .AddRequestValidator<CreateStudent, CreateStudentValidator>()
        .AddRequestValidator<UpdateStudent, UpdateStudentValidator>();

    public static void MapStudents(this IEndpointRouteBuilder routes)
    {
        var students = routes.MapGroup("/students").WithTags("Students").RequireAuthorization().ValidateRouteId().ValidateRequests().UseDatabase().DescribeCommonErrors();
        students.MapGet("/", ListAsync).WithName("ListStudents").WithSummary("Lists students with their courses, a page at a time");
        students.MapGet("/{id}", GetAsync).WithName("GetStudent").WithSummary("One student with courses");

        var writes = students.MapGroup("").RequireAdmin();
        writes.MapPost("/", CreateAsync).WithName("CreateStudent").WithSummary("Creates a student");
        writes.MapPut("/{id}", UpdateAsync).WithName("UpdateStudent").WithSummary("Changes fields of a student");
        writes.MapDelete("/{id}", DeleteAsync).WithName("DeleteStudent").WithSummary("Deletes a student");
        writes.MapPost("/{id}/enroll", EnrollAsync).WithName("EnrollStudent").WithSummary("Enrolls a student in a course")
            .WithDescription("Enrolling again changes nothing.");
        writes.MapPost("/{id}/unenroll", UnenrollAsync).WithName("UnenrollStudent").WithSummary("Takes a student out of a course")
            .WithDescription("Doing so again changes nothing.");
    }

    private static async Task<Ok<StudentResponse[]>> ListAsync(
        [AsParameters] PageQuery query, HttpContext context, SchoolDatabase database, Enrolment enrolment, CancellationToken cancellationToken)
    {
        var page = query.ToRequest();
        var (students, total) = await database.Students.FindPageAsync(page, cancellationToken);
        var courses = await enrolment.CoursesOfAsync(students, cancellationToken);
        Paging.WriteHeaders(context, page, total);
        return TypedResults.Ok<StudentResponse[]>([.. students.Select(student => StudentResponse.From(student, courses))]);
    }

    private static async Task<Results<Ok<StudentResponse>, NotFoundProblem>> GetAsync(
        string id, SchoolDatabase database, Enrolment enrolment, CancellationToken cancellationToken)
        => await database.Students.FindAsync(ObjectId.Parse(id), cancellationToken) is { } student
            ? TypedResults.Ok(StudentResponse.From(student, await enrolment.CoursesOfAsync([student], cancellationToken)))
            : Missing.Document(StudentDocument.Noun, id);

    private static async Task<Results<Created<StudentResponse>, ConflictProblem>> CreateAsync(
        CreateStudent request, SchoolDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var student = new StudentDocument
        {
            Id = ObjectId.GenerateNewId(),
            Name = request.Name!,
            Email = request.Email!,
            Age = request.Age!.Value,
            CourseIds = [],
            CreatedAt = now,
            UpdatedAt = now,
        };

        try
        {
            await database.Students.InsertAsync(student, cancellationToken);
        }
        catch (DuplicateValueException duplicate)
        {
            return ConflictProblem.From(duplicate);
        }

        return TypedResults.Created($"/students/{student.Id}", StudentResponse.From(student, new Dictionary<ObjectId, CourseDocument>()));
    }

    private static async Task<Results<Ok<StudentResponse>, NotFoundProblem, ConflictProblem>> UpdateAsync(
        string id, UpdateStudent request, SchoolDatabase database, Enrolment enrolment, TimeProvider clock, CancellationToken cancellationToken)
    {
        var changes = new FieldChanges(clock)
            .Set(StudentDocument.NameField, request.Name)
            .Set(StudentDocument.EmailField, request.Email)
            .Set(StudentDocument.AgeField, request.Age);

        try
        {
            return await database.Students.SetAsync(ObjectId.Parse(id), changes.ToBson(), cancellationToken) is { } student
                ? TypedResults.Ok(StudentResponse.From(student, await enrolment.CoursesOfAsync([student], cancellationToken)))
                : Missing.Document(StudentDocument.Noun, id);
        }
        catch (DuplicateValueException duplicate)
        {
            return ConflictProblem.From(duplicate);
        }
    }

    private static async Task<Results<NoContent, NotFoundProblem>> DeleteAsync(string id, SchoolDatabase database, CancellationToken cancellationToken)
        => await database.Students.DeleteAsync(ObjectId.Parse(id), cancellationToken)
            ? TypedResults.NoContent()
            : Missing.Document(StudentDocument.Noun, id);

    private static async Task<Results<Ok<StudentResponse>, NotFoundProblem>> EnrollAsync(
        string id, EnrolmentRequest request, SchoolDatabase database, Enrolment enrolment, CancellationToken cancellationToken)
    {
        var result = await enrolment.EnrollAsync(database.Students, ObjectId.Parse(id), ObjectId.Parse(request.CourseId), cancellationToken);
        return result.ToHttpResult(id, request.CourseId!, StudentResponse.From);
    }

    private static async Task<Results<Ok<StudentResponse>, NotFoundProblem>> UnenrollAsync(
        string id, EnrolmentRequest request, SchoolDatabase database, Enrolment enrolment, CancellationToken cancellationToken)
    {
        var result = await enrolment.UnenrollAsync(database.Students, ObjectId.Parse(id), ObjectId.Parse(request.CourseId), cancellationToken);
        return result.ToHttpResult(id, request.CourseId!, StudentResponse.From);
    }
}
