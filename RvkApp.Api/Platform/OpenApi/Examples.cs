using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using RvkApp.Api.Auth;
using RvkApp.Api.Courses;
using RvkApp.Api.Platform.Http;
using RvkApp.Api.Students;
using RvkApp.Api.Teachers;

namespace RvkApp.Api.Platform.OpenApi;

/// <summary>One example for each thing that goes over the wire.</summary>
internal static class Examples
{
    private const string Course =
        """{"id":"68b553800000000100000008","title":"Databases","code":"CS230","credits":5,"createdAt":"2025-09-01T08:00:00Z","updatedAt":"2025-09-01T08:00:00Z"}""";

    private const string User =
        """{"id":"692391f0d1e2f3a4b5c6d7e8","username":"ann","email":"ann@school.example","role":"user","createdAt":"2025-11-24T09:30:00Z"}""";

    private static readonly Dictionary<Type, string> ByType = new()
    {
        [typeof(ServiceResponse)] =
            """{"name":"RvkApp School Management API","version":"1.0.0","status":"running","environment":"Production","documentation":"/api-docs"}""",
        [typeof(RegisterRequest)] = """{"username":"ann","email":"ann@school.example","password":"correct horse battery staple"}""",
        [typeof(SignInRequest)] = """{"email":"ann@school.example","password":"correct horse battery staple"}""",
        [typeof(SignInResponse)] = $$"""{"token":"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI2OTIz….…","user":{{User}}}""",
        [typeof(UserResponse)] = User,
        [typeof(CreateCourse)] = """{"title":"Databases","code":"CS230","credits":5}""",
        [typeof(UpdateCourse)] = """{"credits":6}""",
        [typeof(CourseResponse)] = Course,
        [typeof(CreateStudent)] = """{"name":"Ada Bell","email":"ada.bell@school.example","age":19}""",
        [typeof(UpdateStudent)] = """{"age":20}""",
        [typeof(StudentResponse)] = Person("68b553800000000300000001", "Ada Bell", "ada.bell@school.example", 19),
        [typeof(CreateTeacher)] = """{"name":"Yuki Weber","email":"yuki.weber@school.example","age":41}""",
        [typeof(UpdateTeacher)] = """{"name":"Yuki Weber-Ito"}""",
        [typeof(TeacherResponse)] = Person("68b553800000000200000001", "Yuki Weber", "yuki.weber@school.example", 41),
        [typeof(EnrolmentRequest)] = """{"courseId":"68b553800000000100000008"}""",
        [typeof(ProblemDetails)] =
            """{"title":"Not Found","status":404,"detail":"There is no student with the id 68b5538000000003000000c9.","instance":"/students/68b5538000000003000000c9","traceId":"4bf92f3577b34da6a3ce929d0e0e4736"}""",
        [typeof(HttpValidationProblemDetails)] =
            """{"title":"Bad Request","status":400,"detail":"Not valid: age. See errors for what each has to be.","instance":"/students","traceId":"4bf92f3577b34da6a3ce929d0e0e4736","errors":{"age":["Must be an integer from 1 to 120."]}}""",
    };

    public static JsonNode? For(Type type) => ByType.TryGetValue(type, out var json) ? JsonNode.Parse(json) : null;

    private static string Person(string id, string name, string email, int age)
        => $$"""{"id":"{{id}}","name":"{{name}}","email":"{{email}}","age":{{age}},"courses":[{{Course}}],"createdAt":"2025-09-01T08:00:00Z","updatedAt":"2025-09-01T08:00:00Z"}""";
}
