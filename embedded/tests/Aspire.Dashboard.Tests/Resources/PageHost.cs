using System.Globalization;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.FluentUI.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Aspire.Dashboard.Tests.Resources;

/// <summary>An application of the orchestrator, whose resources run in this process, and its pages as they are prerendered.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly string _directory = Directory.CreateTempSubdirectory("dashboard-tests-").FullName;

    public PageHost(params string[] args)
    {
        Builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, DisableDashboard = true, ProjectDirectory = _directory });
        Builder.Services.AddSingleton(new ProcessSupervisorOptions { RunsDirectory = Path.Combine(_directory, "runs") });
        Builder.Services.AddLogging(logging => logging.ClearProviders());
    }

    public IDistributedApplicationBuilder Builder { get; }

    /// <summary>What the resources have sent: nothing, unless a test puts it there.</summary>
    public TelemetryStore Store { get; } = new();

    public DistributedApplication Application { get; private set; } = null!;

    public ResourceNotificationService Notifications => Application.ResourceNotifications;

    public DistributedApplicationModel Model => Application.Services.GetRequiredService<DistributedApplicationModel>();

    /// <summary>Adds a resource with the life of a process.</summary>
    public IResourceBuilder<ExecutableResource> AddWorker(string name)
        => Builder.AddExecutable(name, "worker", _directory).WithAnnotation(new InProcessAnnotation(_ => Task.FromResult<IRunningResource>(new Worker())));

    public async Task StartAsync()
    {
        Application = Builder.Build();
        await Application.StartAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }

    /// <summary>A page as the first answer of the server has it.</summary>
    public async Task<string> RenderAsync<TPage>(string address, params (string Name, object? Value)[] parameters) where TPage : IComponent
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddFluentUIComponents();
        services.AddSingleton(Model);
        services.AddSingleton(Store);
        services.AddSingleton(Notifications);
        services.AddSingleton(Application.Services.GetRequiredService<ResourceLoggerService>());
        services.AddSingleton(Application.ResourceCommands);
        services.AddSingleton<NavigationManager>(new FixedNavigation(address));
        services.AddSingleton<IJSRuntime, NoBrowser>();
        services.AddSupplyValueFromQueryProvider();
        await using var provider = services.BuildServiceProvider();
        await using var renderer = new HtmlRenderer(provider, provider.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(parameters.ToDictionary(p => p.Name, p => p.Value)))).ToHtmlString());
    }

    public async ValueTask DisposeAsync()
    {
        if (Application is not null)
        {
            await Application.StopAsync(CancellationToken.None).WaitAsync(Deadline);
            await Application.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private sealed class Worker : IRunningResource
    {
        private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DateTime StartTimeUtc { get; } = DateTime.UtcNow;

        public Task<ProcessExit> Exited => _exited.Task;

        public Task<ProcessExit> StopAsync(TimeSpan gracePeriod, CancellationToken cancellationToken)
        {
            _exited.TrySetResult(new(0, null));
            return _exited.Task;
        }

        public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero, CancellationToken.None);
    }

    private sealed class FixedNavigation : NavigationManager
    {
        public FixedNavigation(string address) => Initialize("http://localhost/", string.Create(CultureInfo.InvariantCulture, $"http://localhost{address}"));
    }

    /// <summary>A page that is prerendered has no browser to ask.</summary>
    private sealed class NoBrowser : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => throw new InvalidOperationException($"'{identifier}' was called while prerendering.");

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => InvokeAsync<TValue>(identifier, args);
    }
}
