using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Starts app hosts in the test's process.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Runs the <c>Main</c> of an app host up to where it builds its application.</summary>
    /// <typeparam name="TEntryPoint">A type of the app host's assembly, such as its class in namespace <c>Projects</c>.</typeparam>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The app host's builder.</returns>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default) where TEntryPoint : class
        => CreateAsync(typeof(TEntryPoint), cancellationToken);

    /// <summary>Runs the <c>Main</c> of an app host up to where it builds its application.</summary>
    /// <typeparam name="TEntryPoint">A type of the app host's assembly, such as its class in namespace <c>Projects</c>.</typeparam>
    /// <param name="args">The command line.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The app host's builder.</returns>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default) where TEntryPoint : class
        => CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    /// <summary>Runs the <c>Main</c> of an app host up to where it builds its application.</summary>
    /// <typeparam name="TEntryPoint">A type of the app host's assembly, such as its class in namespace <c>Projects</c>.</typeparam>
    /// <param name="args">The command line.</param>
    /// <param name="configureBuilder">Changes the settings before the app host's builder is made.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The app host's builder.</returns>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, CancellationToken cancellationToken = default)
        => CreateAsync(typeof(TEntryPoint), args, configureBuilder, cancellationToken);

    /// <summary>Runs the <c>Main</c> of an app host up to where it builds its application.</summary>
    /// <param name="entryPoint">A type of the app host's assembly, such as its class in namespace <c>Projects</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The app host's builder.</returns>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, CancellationToken cancellationToken = default)
        => CreateAsync(entryPoint, [], cancellationToken);

    /// <summary>Runs the <c>Main</c> of an app host up to where it builds its application.</summary>
    /// <param name="entryPoint">A type of the app host's assembly, such as its class in namespace <c>Projects</c>.</param>
    /// <param name="args">The command line.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The app host's builder.</returns>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, string[] args, CancellationToken cancellationToken = default)
        => CreateAsync(entryPoint, args, (_, _) => { }, cancellationToken);

    /// <summary>Runs the <c>Main</c> of an app host up to where it builds its application.</summary>
    /// <param name="entryPoint">A type of the app host's assembly, such as its class in namespace <c>Projects</c>.</param>
    /// <param name="args">The command line.</param>
    /// <param name="configureBuilder">Changes the settings before the app host's builder is made.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The app host's builder.</returns>
    /// <exception cref="InvalidOperationException">The assembly has no entry point, or that builds no application.</exception>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        ArgumentNullException.ThrowIfNull(configureBuilder);
        var run = new EntryPointRun(entryPoint, Checked(args), new EntryPointCallbacks { Creating = configureBuilder });
        try
        {
            var builder = await run.StartAsync(cancellationToken);
            return new TestingBuilder(builder, run.BuildAsync, run.DisposeAsync);
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>A builder without an app host: the test describes the model itself.</summary>
    /// <param name="args">The command line.</param>
    /// <returns>The builder.</returns>
    public static IDistributedApplicationTestingBuilder Create(params string[] args) => Create(args, (_, _) => { });

    /// <summary>A builder without an app host: the test describes the model itself.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configureBuilder">Changes the settings before the builder is made.</param>
    /// <returns>The builder.</returns>
    public static IDistributedApplicationTestingBuilder Create(string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(configureBuilder);
        var assembly = Assembly.GetEntryAssembly() ?? throw new InvalidOperationException("The process has no entry assembly to stand in for an app host.");
        var options = new DistributedApplicationOptions();
        var builder = new DistributedApplicationBuilder(options, (o, settings) => TestDefaults.Apply(o, settings, Checked(args), assembly, configureBuilder));

        DistributedApplication? application = null;
        return new TestingBuilder(
            builder,
            cancellationToken =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return Task.FromResult(application = builder.Build());
            },
            () => application?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    internal static string[] Checked(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return Array.Exists(args, string.IsNullOrEmpty) ? throw new ArgumentException("The command line has an empty argument.", nameof(args)) : args;
    }
}
