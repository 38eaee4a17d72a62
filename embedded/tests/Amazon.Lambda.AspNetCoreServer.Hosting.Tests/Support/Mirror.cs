using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;

/// <summary>An application that answers with what it sees of its request.</summary>
internal static class Mirror
{
    /// <summary>What the application sees of one event.</summary>
    public static async Task<Dictionary<string, string>> SeeAsync(string json, LambdaEventSource source = LambdaEventSource.HttpApi, Action<HostingOptions>? configure = null)
    {
        await using var function = await HostedFunction.StartAsync(Map, configure, source);
        var result = await function.InvokeAsync(json);
        Assert.False(result.IsError, result.Text);
        return JsonNode.Parse(result.Body)!.AsObject().ToDictionary(one => one.Key, one => one.Value!.GetValue<string>());
    }

    public static void Map(WebApplication app) => app.Run(async context =>
    {
        var request = context.Request;
        var feature = context.Features.Get<IHttpRequestFeature>()!;
        var seen = new JsonObject
        {
            ["method"] = request.Method,
            ["scheme"] = request.Scheme,
            ["protocol"] = request.Protocol,
            ["base"] = request.PathBase.Value,
            ["path"] = request.Path.Value,
            ["target"] = feature.RawTarget,
            ["querystring"] = request.QueryString.Value ?? "",
            ["url"] = request.GetEncodedUrl(),
            ["remote"] = $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}",
            ["id"] = context.TraceIdentifier,
            ["items"] = context.Items.Count.ToString(CultureInfo.InvariantCulture),
            ["user"] = context.User.FindFirst("sub")?.Value ?? "",
            ["authenticated"] = (context.User.Identity?.IsAuthenticated ?? false) ? "yes" : "no",
            ["claims"] = string.Join('|', context.User.Claims.Select(claim => $"{claim.Type}={claim.Value}")),
            ["certificate"] = context.Features.Get<ITlsConnectionFeature>() is { } tls ? tls.ClientCertificate?.Subject ?? "none" : "no feature",
        };
        context.Items["mark"] = true;
        foreach (var (name, values) in request.Query)
        {
            seen[$"query {name}"] = string.Join('|', values.ToArray());
        }

        foreach (var (name, value) in request.Cookies)
        {
            seen[$"cookie {name}"] = value;
        }

        foreach (var (name, values) in request.Headers)
        {
            seen[$"header {name.ToLowerInvariant()}"] = string.Join('|', values.ToArray());
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        seen["body"] = System.Text.Encoding.UTF8.GetString(body.ToArray());
        seen["hex"] = Convert.ToHexStringLower(body.ToArray());
        await context.Response.WriteAsync(seen.ToJsonString());
    });
}
