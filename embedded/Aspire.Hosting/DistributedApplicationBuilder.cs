using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.UserSecrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting;

/// <inheritdoc cref="IDistributedApplicationBuilder"/>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    // What the Aspire command-line tool passes to an app host.
    private static readonly Dictionary<string, string> SwitchMappings = new()
    {
        ["--operation"] = "AppHost:Operation",
        ["--publisher"] = "Publishing:Publisher",
        ["--step"] = "Pipeline:Step",
        ["--list-steps"] = "Pipeline:ListSteps",
        ["--output-path"] = "Pipeline:OutputPath",
        ["--log-level"] = "Pipeline:LogLevel",
        ["--include-exception-details"] = "Pipeline:IncludeExceptionDetails",
        ["--clear-cache"] = "Pipeline:ClearCache",
        ["--yes"] = "Pipeline:SkipConfirmation",
    };

    private readonly IEntryPointHooks? _hooks;
    private readonly HostApplicationBuilder _host;
    private readonly DistributedApplicationExecutionContextOptions _executionContextOptions;
    private readonly DistributedApplicationEventing _eventing = new();
    private bool _built;

    /// <summary>Creates a builder.</summary>
    /// <param name="args">The command line.</param>
    public DistributedApplicationBuilder(string[] args) : this(new DistributedApplicationOptions { Args = args })
    {
    }

    /// <summary>Creates a builder.</summary>
    /// <param name="options">Settings.</param>
    public DistributedApplicationBuilder(DistributedApplicationOptions options) : this(options, configure: null)
    {
    }

    internal DistributedApplicationBuilder(DistributedApplicationOptions options, Action<DistributedApplicationOptions, HostApplicationBuilderSettings>? configure)
    {
        ArgumentNullException.ThrowIfNull(options);
        _hooks = EntryPointHooks.Current;

        var settings = new HostApplicationBuilderSettings { Args = options.Args };
        configure?.Invoke(options, settings);
        _hooks?.OnCreating(options, settings);
        options.Args = settings.Args = PublishSettings.WithFlagValues(settings.Args);

        AppHostAssembly = options.ResolveAssembly();
        AppHostDirectory = ResolveDirectory(options, AppHostAssembly);
        settings.ContentRootPath ??= AppHostDirectory;
        settings.ApplicationName ??= AppHostAssembly?.GetName().Name;
        settings.Configuration ??= new ConfigurationManager();
        if (settings.Configuration["hostBuilder:reloadConfigOnChange"] is null)
        {
            // A model is read once; watching files would only cost start-up time and file handles.
            settings.Configuration.AddInMemoryCollection([new("hostBuilder:reloadConfigOnChange", "false")]);
        }

        ConsoleExceptionReporter.Install(AppHostAssembly);
        _host = new HostApplicationBuilder(settings);
        Configuration.AddCommandLine(settings.Args ?? [], SwitchMappings);

        _executionContextOptions = CreateExecutionContextOptions(Configuration);
        ExecutionContext = new DistributedApplicationExecutionContext(_executionContextOptions);
        UserSecretsManager = new UserSecretsManager(AppHostAssembly);
        LoadUserSecrets();
        Configuration.AddInMemoryCollection(
        [
            new("AppHost:Directory", AppHostDirectory),
            new("AppHost:Path", AppHostPath),
        ]);

        AddServices(options);
        _hooks?.OnCreated(this);
    }

    /// <inheritdoc/>
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc/>
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc/>
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc/>
    public string AppHostDirectory { get; }

    /// <summary>The app host's project file without its extension.</summary>
    public string AppHostPath => Path.Combine(AppHostDirectory, Metadata(AppHostAssembly, "apphostprojectname") is { } name ? Path.GetFileNameWithoutExtension(name) : Environment.ApplicationName);

    /// <inheritdoc/>
    public Assembly? AppHostAssembly { get; }

    /// <inheritdoc/>
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <inheritdoc/>
    public IDistributedApplicationEventing Eventing => _eventing;

    /// <inheritdoc/>
    public IResourceCollection Resources { get; } = new ResourceCollection();

    /// <inheritdoc/>
    public IDistributedApplicationPipeline Pipeline { get; } = new DistributedApplicationPipeline();

    /// <inheritdoc/>
    public IUserSecretsManager UserSecretsManager { get; }

    /// <inheritdoc/>
    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc/>
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new DistributedApplicationResourceBuilder<T>(this, resource);
    }

    /// <inheritdoc/>
    public DistributedApplication Build()
    {
        if (_built)
        {
            throw new InvalidOperationException("The application is already built.");
        }

        _built = true;
        _hooks?.OnBuilding(this);
        var host = _host.Build();
        _executionContextOptions.ServiceProvider = host.Services;
        _eventing.Logger = host.Services.GetRequiredService<ILogger<DistributedApplicationEventing>>();
        var application = new DistributedApplication(host, _hooks);
        _hooks?.OnBuilt(application);
        return application;
    }

    /// <summary>A value the app host's build has left in its assembly.</summary>
    internal static string? Metadata(Assembly? assembly, string key)
        => assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(m => string.Equals(m.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;

    private static string ResolveDirectory(DistributedApplicationOptions options, Assembly? assembly)
    {
        if (options.ProjectDirectory is { } configured)
        {
            return Path.GetFullPath(configured);
        }

        // An app host that was moved away from its sources runs from where it is.
        return Metadata(assembly, "apphostprojectpath") is { } built && Directory.Exists(built) ? Path.GetFullPath(built) : Directory.GetCurrentDirectory();
    }

    private static DistributedApplicationExecutionContextOptions CreateExecutionContextOptions(ConfigurationManager configuration)
    {
        var publisher = configuration["Publishing:Publisher"];
        var operation = configuration["AppHost:Operation"]?.ToUpperInvariant() switch
        {
            null or "" => publisher is null && configuration["Pipeline:Step"] is null && !PublishSettings.ListsSteps(configuration) ? DistributedApplicationOperation.Run : DistributedApplicationOperation.Publish,
            "RUN" => DistributedApplicationOperation.Run,
            // Inspecting looks at the pipeline, which only a publishing model has.
            "PUBLISH" or "INSPECT" => DistributedApplicationOperation.Publish,
            var other => throw new DistributedApplicationException($"The operation '{other}' is unknown: --operation is run, publish or inspect."),
        };
        return publisher is null ? new(operation) : new(operation, publisher);
    }

    private void LoadUserSecrets()
    {
        // The host loads them in Development only. A generated password must be found again however the app host is started.
        if (ExecutionContext.IsPublishMode || !UserSecretsManager.IsAvailable || Configuration.Sources.OfType<JsonConfigurationSource>().Any(IsUserSecrets))
        {
            return;
        }

        var source = new JsonConfigurationSource { Path = Path.GetFileName(UserSecretsManager.FilePath), Optional = true };
        var directory = Path.GetDirectoryName(UserSecretsManager.FilePath)!;
        if (!Directory.Exists(directory))
        {
            return;
        }

        source.FileProvider = new Microsoft.Extensions.FileProviders.PhysicalFileProvider(directory);
        var sources = ((IConfigurationBuilder)Configuration).Sources;
        var lastFile = sources.Select((s, i) => s is JsonConfigurationSource ? i : -1).DefaultIfEmpty(-1).Max();
        sources.Insert(lastFile + 1, source);
    }

    private static bool IsUserSecrets(JsonConfigurationSource source) => string.Equals(source.Path, "secrets.json", StringComparison.Ordinal);

    private void AddServices(DistributedApplicationOptions options)
    {
        if (ExecutionContext.IsPublishMode)
        {
            // What is logged belongs among the lines of the step that logs it.
            _host.Logging.ClearProviders();
            _host.Logging.SetMinimumLevel(LogLevel.Trace);
            Services.AddSingleton<ILoggerProvider>(services => new PipelineLoggerProvider(PipelineLogLevel.From(services), RunOutput.ForConsole()));
        }

        // Health checks report through the resources' states; requests they make are not news.
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        _host.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        // A failed start is an exception as well, and that says it better.
        _host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        Services.Configure<ConsoleLifetimeOptions>(o => o.SuppressStatusMessages = true);
        // Without a dashboard nobody could do anything about an unavailable dependency: a wait for it ends.
        Services.AddOptions<ResourceNotificationServiceOptions>().Configure<IServiceProvider>((o, services) =>
            o.DefaultWaitBehavior = services.GetService<DashboardLifecycle>() is null ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable);
        Services.AddHttpClient();
        Services.AddHealthChecks();

        Services.AddSingleton(options);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Eventing);
        AddPipeline();
        Services.AddSingleton(UserSecretsManager);
        Services.AddSingleton(Resources);
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton<ResourceLoggerService>();
        Services.AddSingleton<ResourceNotificationService>();
        Services.AddSingleton(services => new ResourceCommandService(
            services.GetRequiredService<ResourceNotificationService>(), services.GetRequiredService<ResourceLoggerService>(), services));
        if (ExecutionContext.IsRunMode)
        {
            // Before the orchestrator, whose resources it is to see from their start to their end.
            DashboardLifecycle.Add(Services, Configuration, options);
        }

        this.AddOrchestrator();
    }

    private void AddPipeline()
    {
        Services.AddSingleton(Pipeline);
        Services.AddOptions<PipelineOptions>().Configure(options => PublishSettings.Read(options, Configuration));
        Services.AddSingleton<IPipelineOutputService>(services => new PipelineOutputService(services.GetRequiredService<IOptions<PipelineOptions>>().Value.OutputPath, AppHostDirectory));
        Services.AddSingleton(_ => PublishDisplay.ForConsole());
        Services.AddSingleton<IPipelineConfirmation, ConsoleConfirmation>();
        Services.AddSingleton<IPipelineActivityReporter>(services => new PublishReporter(services.GetRequiredService<PublishDisplay>(), PipelineLogLevel.From(services)));
    }
}
