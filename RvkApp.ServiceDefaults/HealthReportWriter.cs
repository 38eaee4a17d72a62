using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RvkApp.ServiceDefaults;

/// <summary>
/// Writes a health report: <c>{"status":"Healthy","checks":{"self":"Healthy"}}</c>, and problem details (RFC 9457) with the failing
/// checks in <c>detail</c> when the status code says unavailable.
/// </summary>
internal static class HealthReportWriter
{
    public static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        if (context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable && await TryWriteProblemAsync(context, report).ConfigureAwait(false))
        {
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        json.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
        {
            json.WriteString(name, entry.Status.ToString());
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static async ValueTask<bool> TryWriteProblemAsync(HttpContext context, HealthReport report)
    {
        if (context.RequestServices.GetService<IProblemDetailsService>() is not { } problems)
        {
            return false;
        }

        var failing = report.Entries.Where(entry => entry.Value.Status == HealthStatus.Unhealthy).Select(entry => entry.Key);
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = new ProblemDetails
            {
                Status = StatusCodes.Status503ServiceUnavailable,
                Detail = $"Not ready: {string.Join(", ", failing)}.",
            },
        }).ConfigureAwait(false);
    }
}
