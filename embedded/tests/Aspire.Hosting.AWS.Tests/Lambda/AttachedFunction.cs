using System.Net.Http.Headers;
using System.Text;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.AWS.Tests.Lambda;

/// <summary>An app host whose function never asks for an event itself, so that a test can, as a process that is started by hand does.</summary>
public sealed class AttachedFunction : IAsyncLifetime
{
    internal FunctionHost Host { get; } = new(("Prewarmed", "0"), ("InitTimeout", "00:15:00"), ("MaxEnvironments", "3"), ("MaxResponseBytes", "1000"), ("Timeout", "00:00:10"));

    public async ValueTask InitializeAsync()
    {
        Host.Function.WithEnvironment("INIT", "sleep 900000");
        await Host.StartAsync();
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    internal static string Path(string operation) => $"/{FunctionHost.Name}/2018-06-01/runtime/{operation}";

    internal Task<HttpResponseMessage> NextAsync(CancellationToken cancellationToken) => Host.Client.GetAsync(new Uri(Path("invocation/next"), UriKind.Relative), cancellationToken);

    internal async Task<HttpResponseMessage> PostAsync(string operation, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path(operation)) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Host.Client.SendAsync(request, TestDeadline.Token());
    }
}
