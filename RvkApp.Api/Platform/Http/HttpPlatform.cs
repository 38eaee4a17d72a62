using RvkApp.Api.Auth;
using RvkApp.Api.Platform.Startup;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Platform.Http;

/// <summary>What every request passes through.</summary>
internal static class HttpPlatform
{
    public static void AddHttpPlatform(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

        var services = builder.Services;
        services.AddValidatedOptions<LimitsOptions, LimitsOptionsValidator>().BindConfiguration("Limits");
        services.AddValidatedOptions<CorsOptions, CorsOptionsValidator>().BindConfiguration("Cors");
        services.AddConfiguredCors();

        services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        // A request that cannot be bound reaches the exception handler, which can tell the client which field it was.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddRequestValidator<PageQuery, PageQueryValidator>();
    }

    public static void UseHttpPlatform(this WebApplication app)
    {
        app.UseHeadAsGet();
        app.UseRouting();
        app.UseSecurityHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseCors();
        app.UseMiddleware<BodyLimit>();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<AdminGate>();
    }
}
