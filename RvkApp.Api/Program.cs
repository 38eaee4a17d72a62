using RvkApp.Api.Auth;
using RvkApp.Api.Courses;
using RvkApp.Api.Platform.Demo;
using RvkApp.Api.Platform.Http;
using RvkApp.Api.Platform.Lambda;
using RvkApp.Api.Platform.Mongo;
using RvkApp.Api.Platform.OpenApi;
using RvkApp.Api.Platform.Startup;
using RvkApp.Api.Students;
using RvkApp.Api.Teachers;

return await StartupFailure.RunAsync(async () =>
{
    var builder = WebApplication.CreateSlimBuilder(args);

    await builder.AddSecretsAsync();
    builder.AddLambdaHosting();
    builder.AddServiceDefaults();
    builder.AddSchoolDatabase();
    builder.AddHttpPlatform();
    builder.Services.AddSchoolAuth();
    builder.Services.AddStudents().AddTeachers().AddCourses();
    builder.Services.AddDemoData();
    builder.Services.AddApiDescription();

    await using var app = builder.Build();
    app.ValidateOptions();

    app.UseHttpPlatform();
    app.MapDefaultEndpoints();
    app.MapService();
    app.MapApiDescription();
    app.MapAuth();
    app.MapStudents();
    app.MapTeachers();
    app.MapCourses();

    await app.RunAsync();
});
