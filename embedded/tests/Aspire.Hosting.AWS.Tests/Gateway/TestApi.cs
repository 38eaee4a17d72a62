using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Lambda;
using Aspire.Hosting.AWS.Lambda.Service;
using Aspire.Hosting.Testing;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>An app host of this process with one API, whose functions are the test's.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private readonly DistributedApplication _application;

    private TestApi(DistributedApplication application, TestFunctions functions)
    {
        _application = application;
        Functions = functions;
        Client = CreateClient();
        Port = application.GetEndpoint("gateway", "http").Port;
    }

    public TestFunctions Functions { get; }

    public HttpClient Client { get; }

    public int Port { get; }

    public DistributedApplication Application => _application;

    /// <summary>Starts an API. Without routes, one function gets everything; with an invoker, its events are not noted.</summary>
    public static async Task<TestApi> StartAsync(TestFunctions? functions = null, Dictionary<string, string?>? settings = null, APIGatewayEmulatorOptions? options = null, ILambdaInvoker? invoker = null, params (Method Method, string Path, string Function)[] routes)
    {
        functions ??= new TestFunctions();
        var builder = DistributedApplicationTestingBuilder.Create([], (options, _) => options.EnableResourceLogging = false);
        foreach (var (key, value) in settings ?? [])
        {
            builder.Configuration[key.StartsWith("Kestrel:", StringComparison.Ordinal) || key.StartsWith("ASPIRE_", StringComparison.Ordinal) ? key : $"Embedded:ApiGateway:{key}"] = value;
        }

        builder.Services.AddSingleton(invoker ?? functions);
        var gateway = builder.AddAWSAPIGatewayEmulator("gateway", APIGatewayType.HttpV2, options ?? new APIGatewayEmulatorOptions { DisableHttpsEndpoint = true });
        foreach (var (method, path, function) in routes.Length > 0 ? routes : [(Method.Any, "/{proxy+}", "fn")])
        {
            gateway.WithReference(builder.CreateResourceBuilder(new LambdaProjectResource(function)), method, path);
        }

        var application = await builder.BuildAsync(TestDeadline.Token());
        await application.StartAsync(TestDeadline.Token());
        try
        {
            await application.ResourceNotifications.WaitForResourceHealthyAsync("gateway", TestDeadline.Token());
            return new TestApi(application, functions);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends what is written, byte for byte (each character is one), and reads until the gateway closes the connection.</summary>
    public async Task<RawResponse> SendRawAsync(string request)
    {
        using var client = await ConnectAsync();
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), TestDeadline.Token());
        using var received = new MemoryStream();
        await client.GetStream().CopyToAsync(received, TestDeadline.Token());
        return RawResponse.Parse(received.ToArray());
    }

    /// <summary>Sends a request without a body over a connection of its own.</summary>
    public Task<RawResponse> SendRawAsync(string method, string target, params string[] headers)
        => SendRawAsync($"{method} {target} HTTP/1.1\r\nHost: localhost:{Port}\r\nConnection: close\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n");

    public async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, Port, TestDeadline.Token());
        return client;
    }

    /// <summary>The lines of the API's log.</summary>
    public async Task<string> LogUntilAsync(string text)
    {
        var seen = new StringBuilder();
        await foreach (var batch in _application.Services.GetRequiredService<ResourceLoggerService>().WatchAsync("gateway").WithCancellation(TestDeadline.Token()))
        {
            foreach (var line in batch)
            {
                seen.AppendLine(line.Content);
            }

            if (seen.ToString().Contains(text, StringComparison.Ordinal))
            {
                break;
            }
        }

        return seen.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
    }

    private HttpClient CreateClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, UseCookies = false, ActivityHeadersPropagator = null })
    {
        BaseAddress = _application.GetEndpoint("gateway", "http"),
        Timeout = TestDeadline.Time,
    };
}

/// <summary>The functions behind an API: they note each event and answer what the test says.</summary>
internal sealed class TestFunctions : ILambdaInvoker
{
    private readonly List<TestInvocation> _invocations = [];
    private readonly List<ActivityContext> _parents = [];

    /// <summary>What they answer; a response without a body otherwise.</summary>
    public Func<TestInvocation, CancellationToken, ValueTask<InvokeResult>> Answer { get; set; } = (_, _) => new(Returns("""{"statusCode":200}"""));

    public IReadOnlyList<TestInvocation> Invocations
    {
        get
        {
            lock (_invocations)
            {
                return [.. _invocations];
            }
        }
    }

    /// <summary>The spans that the events came from, where there were any.</summary>
    public IReadOnlyList<ActivityContext> Parents
    {
        get
        {
            lock (_invocations)
            {
                return [.. _parents];
            }
        }
    }

    /// <summary>The only event.</summary>
    public JsonNode Event => Assert.Single(Invocations).Event;

    /// <summary>Functions that return a text.</summary>
    public static TestFunctions Returning(string payload) => new() { Answer = (_, _) => new(Returns(payload)) };

    public static InvokeResult Returns(string payload) => new() { Status = InvokeStatus.Succeeded, RequestId = "invocation", Payload = Payload.Of(Encoding.UTF8.GetBytes(payload)) };

    public static InvokeResult Fails(InvokeStatus status) => new() { Status = status, RequestId = "invocation", Message = $"The test says {status}." };

    async ValueTask<InvokeResult> ILambdaInvoker.InvokeAsync(string functionName, InvokeRequest request, CancellationToken cancellationToken)
    {
        TestInvocation invocation;
        using (request.Payload)
        {
            invocation = new TestInvocation(functionName, JsonNode.Parse(request.Payload.Span)!, request.TraceId);
        }

        lock (_invocations)
        {
            _invocations.Add(invocation);
            _parents.AddRange(request.Parent == default ? [] : [request.Parent]);
        }

        return await Answer(invocation, cancellationToken);
    }
}

/// <summary>One event that a function got.</summary>
internal sealed record TestInvocation(string Function, JsonNode Event, string? TraceId);

/// <summary>A response as it came.</summary>
internal sealed record RawResponse(string Head, byte[] Body)
{
    public int Status => int.Parse(Head.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    public string Text => Encoding.UTF8.GetString(Body);

    public static RawResponse Parse(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        Assert.True(end > 0, $"No response came, but: {Encoding.Latin1.GetString(bytes)}");
        return new RawResponse(Encoding.Latin1.GetString(bytes, 0, end), bytes[(end + 4)..]);
    }

    /// <summary>The values of a header.</summary>
    public string[] Header(string name)
        => [.. Head.Split("\r\n").Skip(1).Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim())];
}
