using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RvkApp.Tests.Lambda;

/// <summary>Parameter Store's <c>GetParameters</c> on loopback, over secrets that a test gives it.</summary>
internal sealed class ParameterStore : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ParameterStore(WebApplication app) => _app = app;

    /// <summary>The value for <c>AWS_ENDPOINT_URL_SSM</c>.</summary>
    public string Address => _app.Urls.Single();

    /// <summary>Values by the secret's name.</summary>
    public ConcurrentDictionary<string, string> Secrets { get; } = new();

    /// <summary>Errors to answer before anything else: status and type.</summary>
    public ConcurrentQueue<(int Status, string Type)> Errors { get; } = new();

    /// <summary>The requests' headers.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Requests { get; } = new();

    public static async Task<ParameterStore> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var store = new ParameterStore(app);
        app.MapPost("/", (Delegate)store.GetParametersAsync);
        await app.StartAsync();
        return store;
    }

    /// <summary>The function's environment variables for reading from here.</summary>
    public Dictionary<string, string?> Environment() => new()
    {
        ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
        ["AWS_SECRET_ACCESS_KEY"] = "secret-access-key",
        ["AWS_SESSION_TOKEN"] = "session-token",
        ["AWS_REGION"] = "us-east-2",
        ["AWS_ENDPOINT_URL_SSM"] = Address,
    };

    /// <summary>The ARN of a secret of that name.</summary>
    public static string Arn(string name) => $"arn:aws:secretsmanager:us-east-2:123456789012:secret:{name}-AbCd3f";

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> GetParametersAsync(HttpContext context)
    {
        Requests.Enqueue(context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()));
        if (Errors.TryDequeue(out var error))
        {
            return Results.Text(new JsonObject { ["__type"] = error.Type, ["Message"] = "as the test wants" }.ToJsonString(), "application/x-amz-json-1.1", statusCode: error.Status);
        }

        var request = await JsonNode.ParseAsync(context.Request.Body);
        var parameters = new JsonArray();
        var invalid = new JsonArray();
        foreach (var parameter in request!["Names"]!.AsArray().Select(name => name!.GetValue<string>()))
        {
            if (request["WithDecryption"]!.GetValue<bool>() && Secrets.TryGetValue(parameter.Replace("/aws/reference/secretsmanager/", "", StringComparison.Ordinal), out var value))
            {
                parameters.Add(new JsonObject { ["Name"] = parameter, ["Type"] = "SecureString", ["Value"] = value });
            }
            else
            {
                invalid.Add(parameter);
            }
        }

        return Results.Text(new JsonObject { ["Parameters"] = parameters, ["InvalidParameters"] = invalid }.ToJsonString(), "application/x-amz-json-1.1");
    }
}
