using Aspire.Dashboard.Security;
using Aspire.Hosting.Dashboard;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Aspire.Dashboard.Otlp;

/// <summary>Who may send telemetry. Decided from the headers, before anything of a body is read.</summary>
internal sealed class OtlpAccess(DashboardOptions options)
{
    /// <summary>The header that <c>OTEL_EXPORTER_OTLP_HEADERS</c> of a resource carries the key in.</summary>
    public const string KeyHeader = "x-otlp-api-key";

    private const string GrpcContentType = "application/grpc";

    private readonly Secret _key = new(options.OtlpApiKey);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // Exporters send none; browsers do with every POST. A page has no business here, whatever its origin.
        if (context.Request.Headers.Origin.Count > 0)
        {
            return RefuseAsync(context, StatusCodes.Status403Forbidden, StatusCode.PermissionDenied, "Telemetry is not taken from pages in a browser: the request has the header Origin.");
        }

        if (IsGrpc(context.Request) && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
        {
            // gRPC bounds the message itself, and says so in its own way.
            body.MaxRequestBodySize = null;
        }

        return options.AllowAnonymous || HasKey(context.Request) ? next(context)
            : RefuseAsync(context, StatusCodes.Status401Unauthorized, StatusCode.Unauthenticated, $"The header {KeyHeader} lacks or is not the key of this run. Resources that the app host starts get it in OTEL_EXPORTER_OTLP_HEADERS.");
    }

    /// <summary>Answers with an error in the form of the protocol that was asked in.</summary>
    public static Task RefuseAsync(HttpContext context, int status, StatusCode code, string message)
    {
        var response = context.Response;
        if (IsGrpc(context.Request) && status != StatusCodes.Status403Forbidden)
        {
            // gRPC over HTTP/2, "Trailers-Only": the status of HTTP is 200, the one of gRPC comes in the headers.
            response.ContentType = GrpcContentType;
            response.Headers["grpc-status"] = ((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture);
            response.Headers["grpc-message"] = Uri.EscapeDataString(message);
            return Task.CompletedTask;
        }

        response.StatusCode = status;
        response.ContentType = OtlpHttp.ContentType;
        return response.Body.WriteAsync(OtlpReply.Error(code, message), context.RequestAborted).AsTask();
    }

    private static bool IsGrpc(HttpRequest request) => request.ContentType?.StartsWith(GrpcContentType, StringComparison.OrdinalIgnoreCase) == true;

    private bool HasKey(HttpRequest request) => request.Headers[KeyHeader] is [{ } key] && _key.Is(key);
}
