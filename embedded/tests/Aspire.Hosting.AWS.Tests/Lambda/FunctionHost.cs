using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Lambda;
using Aspire.Hosting.AWS.Lambda.Service;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Testing;
using Aspire.Hosting.Tests.Processes;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Tests.Lambda;

/// <summary>An app host with one Lambda function, <c>function</c>, that does as it is told (see TestApps/RuntimeFunction).</summary>
internal sealed class FunctionHost : IAsyncDisposable
{
    public const string Name = "function";

    private readonly TemporaryDirectory _directory = new();

    public FunctionHost(params (string Key, string Value)[] settings)
    {
        // A busy machine may take longer than Lambda's 10 s for a start.
        Builder = DistributedApplicationTestingBuilder.Create(["--Embedded:Lambda:InitTimeout=00:01:00", .. settings.Select(s => $"--Embedded:Lambda:{s.Key}={s.Value}")]);
        Builder.Services.AddSingleton(new ProcessSupervisorOptions { RunsDirectory = _directory.Combine("runs") });
        Builder.Services.AddLogging(logging => logging.ClearProviders());
        Function = Add(Name, Options);
    }

    public LambdaFunctionOptions Options { get; } = new();

    public IDistributedApplicationTestingBuilder Builder { get; }

    public IResourceBuilder<LambdaProjectResource> Function { get; }

    public DistributedApplication Application { get; private set; } = null!;

    public LambdaService Service => Application.Services.GetRequiredService<LambdaService>();

    public HttpClient Client { get; private set; } = null!;

    /// <summary>A file that goes with the host.</summary>
    public string File(string name) => _directory.Combine(name);

    /// <summary>Starts an app host and waits until its function runs.</summary>
    public static async Task<FunctionHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var host = new FunctionHost(settings);
        await host.StartAsync();
        return host;
    }

    public IResourceBuilder<LambdaProjectResource> Add(string name, LambdaFunctionOptions options)
        => LambdaExtensions.AddFunction(Builder, name, "RuntimeFunction", options, new Project(), builtInto: null)
            .WithAnnotation(new ProjectOutputAnnotation(Path.Combine(AppContext.BaseDirectory, "RuntimeFunction.dll")));

    public async Task StartAsync()
    {
        await BeginAsync();
        await WaitForStateAsync(KnownResourceStates.Running);
    }

    /// <summary>Starts the app host only.</summary>
    public async Task BeginAsync()
    {
        Application = Builder.Build();
        await Application.StartAsync(TestDeadline.Token()).InTimeAsync();
        try
        {
            await Application.ResourceNotifications.WaitForResourceAsync(LambdaEmulatorResource.DefaultName, KnownResourceStates.Running, TestDeadline.Token());
        }
        catch (OperationCanceledException)
        {
            var states = Builder.Resources.Select(r => Application.ResourceNotifications.TryGetCurrentState(r.Name, out var current) ? $"{r.Name}: {current.Snapshot.State?.Text} {current.Snapshot.FailureReason}" : r.Name);
            Assert.Fail($"The emulator does not run. {string.Join("; ", states)}");
        }

        Client = new HttpClient { BaseAddress = Application.GetEndpoint(LambdaEmulatorResource.DefaultName, "http") };
    }

    public Task WaitForStateAsync(string state) => Application.ResourceNotifications.WaitForResourceAsync(Name, state, TestDeadline.Token());

    public CustomResourceSnapshot State
        => Application.ResourceNotifications.TryGetCurrentState(Name, out var current) ? current.Snapshot : throw new InvalidOperationException("The function has no state.");

    public Task<ExecuteCommandResult> CommandAsync(string command, string resource = Name)
        => Application.ResourceCommands.ExecuteCommandAsync(resource, command, TestDeadline.Token()).InTimeAsync();

    /// <summary>Invokes the function as others in the app host do.</summary>
    public async Task<Outcome> InvokeAsync(string payload, string function = Name)
    {
        using var result = await Service.InvokeAsync(function, new InvokeRequest(Payload.Of(Encoding.UTF8.GetBytes(payload))), TestDeadline.Token()).AsTask().InTimeAsync();
        return new Outcome(result.Status, result.Payload is { } answer ? Encoding.UTF8.GetString(answer.Span) : "", result.RequestId, result.Message);
    }

    /// <summary>Has the function do something.</summary>
    public Task<Outcome> DoAsync(string act, object? value = null) => InvokeAsync(JsonSerializer.Serialize(new { @do = act, value }));

    /// <summary>Invokes the function as an AWS SDK does.</summary>
    public async Task<HttpResponseMessage> PostAsync(string payload, string function = Name, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/2015-03-31/functions/{function}/invocations") { Content = new StringContent(payload) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, TestDeadline.Token());
    }

    /// <summary>Waits for a line of the function's log, as often as it is wanted, and returns the last one.</summary>
    public async Task<string> WaitForLineAsync(string text, int times = 1)
    {
        var seen = 0;
        await foreach (var batch in Application.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(Name).WithCancellation(TestDeadline.Token()))
        {
            foreach (var line in batch)
            {
                if (line.Content.Contains(text, StringComparison.Ordinal) && ++seen == times)
                {
                    return line.Content;
                }
            }
        }

        throw new InvalidOperationException("The log ended.");
    }

    /// <summary>The function's log up to now.</summary>
    public async Task<IReadOnlyList<string>> LogAsync()
    {
        await foreach (var batch in Application.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(Name).WithCancellation(TestDeadline.Token()))
        {
            return [.. batch.Select(line => line.Content)];
        }

        return [];
    }

    /// <summary>A property that is published about the function.</summary>
    public string? Property(string name) => State.Properties.FirstOrDefault(p => p.Name == name)?.Value as string;

    /// <summary>Waits until something is so.</summary>
    public Task WaitUntilAsync(Func<bool> condition) => WaitUntilAsync(() => Task.FromResult(condition()));

    /// <summary>Waits until something is so.</summary>
    public async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        var deadline = TestDeadline.Token();
        while (!await condition())
        {
            await Task.Delay(10, deadline);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (Application is not null)
        {
            await Application.DisposeAsync();
        }

        await Builder.DisposeAsync();
        _directory.Dispose();
    }

    private sealed class Project : IProjectMetadata
    {
        public string ProjectPath { get; } = Path.Combine(AppContext.BaseDirectory, "RuntimeFunction.csproj");
    }
}

/// <summary>What came of an invocation, as text.</summary>
internal sealed record Outcome(InvokeStatus Status, string Payload, string RequestId, string? Message);
