using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Pipelines;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting;

/// <summary>A run of an application that is published: its steps, and nothing of what the orchestrator does.</summary>
internal static class PublishRun
{
    // What a shell reports for a program that a signal has ended.
    private const int SignalExitCode = 128;

    public static async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (string.Equals(services.GetRequiredService<IConfiguration>()["Publishing:Publisher"], "manifest", StringComparison.OrdinalIgnoreCase)
            || services.GetRequiredService<IOptions<PipelineOptions>>().Value.Step == "publish-manifest")
        {
            throw new DistributedApplicationException("The manifest of earlier versions is not implemented: publish with --operation publish --step publish --output-path DIRECTORY.");
        }

        var pipeline = (DistributedApplicationPipeline)services.GetRequiredService<IDistributedApplicationPipeline>();
        using var interruption = new Interruption(cancellationToken);
        var context = new PipelineContext(
            services.GetRequiredService<DistributedApplicationModel>(),
            services.GetRequiredService<DistributedApplicationExecutionContext>(),
            services,
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Aspire.Hosting.Pipelines"),
            interruption.Token);
        if (PublishSettings.ListsSteps(services.GetRequiredService<IConfiguration>()))
        {
            await ListAsync(pipeline, context);
            return;
        }

        try
        {
            var run = PublishAsync(pipeline, context);
            if (await interruption.WaitAsync(run, services.GetRequiredService<OrchestratorOptions>().ShutdownTimeout))
            {
                return;
            }
        }
        catch (OperationCanceledException) when (interruption.Signal is not null)
        {
            // As it was told.
        }

        await Console.Error.WriteLineAsync("Cancelled: nothing more is published.");
        Environment.ExitCode = SignalExitCode + (interruption.Signal ?? 0);
    }

    private static async Task ListAsync(DistributedApplicationPipeline pipeline, PipelineContext context)
    {
        var graph = await pipeline.ResolveAsync(context);
        var steps = context.Services.GetRequiredService<IOptions<PipelineOptions>>().Value.Step is { Length: > 0 } target ? graph.ClosureOf(target) : graph.Ordered;
        foreach (var line in StepList.Describe(graph, steps))
        {
            await Console.Out.WriteLineAsync(line);
        }
    }

    private static async Task PublishAsync(DistributedApplicationPipeline pipeline, PipelineContext context)
    {
        var services = context.Services;
        // Before anything begins: a setting that cannot be read, and steps that do not fit together.
        _ = PublishSettings.IncludesExceptionDetails(services);
        _ = PipelineLogLevel.From(services);

        await using var display = services.GetRequiredService<PublishDisplay>();
        var eventing = services.GetRequiredService<IDistributedApplicationEventing>();
        foreach (var subscriber in services.GetServices<IDistributedApplicationEventingSubscriber>())
        {
            await subscriber.SubscribeAsync(eventing, context.ExecutionContext, context.CancellationToken);
        }

        await eventing.PublishAsync(new BeforeStartEvent(services, context.Model), context.CancellationToken);
        var reporter = services.GetRequiredService<IPipelineActivityReporter>();
        await pipeline.ExecuteAsync(WellKnownPipelineSteps.BeforeStart, context, new NullPublishingActivityReporter());
        await eventing.PublishAsync(new BeforePublishEvent(services, context.Model), context.CancellationToken);
        var end = new PublishCompletionOptions();
        try
        {
            await pipeline.ExecuteAsync(context);
            await eventing.PublishAsync(new AfterPublishEvent(services, context.Model), context.CancellationToken);
            end.CompletionState = CompletionState.Completed;
            end.CompletionMessage = $"'{DistributedApplicationPipeline.TargetOf(services)}' is done.";
        }
        finally
        {
            // Also after a failure: what was found out until then is what one needs to put it right.
            end.PipelineSummary = context.Summary.Items;
            await reporter.CompletePublishAsync(end, CancellationToken.None);
        }
    }

    /// <summary>Ctrl+C and its kin: the first cancels the run, the second ends the process.</summary>
    private sealed class Interruption : IDisposable
    {
        private readonly CancellationTokenSource _cancellation;
        private readonly PosixSignalRegistration[] _registrations;
        private int? _signal;

        public Interruption(CancellationToken cancellationToken)
        {
            _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _registrations =
            [
                PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, 2)),
                PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, 15)),
                PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Handle(context, 1)),
            ];
        }

        public CancellationToken Token => _cancellation.Token;

        /// <summary>The signal that has cancelled the run; null when none has.</summary>
        public int? Signal => _signal;

        /// <summary>Waits for the run, and after a signal only as long as stopping may take.</summary>
        /// <returns>Whether it has ended.</returns>
        public async Task<bool> WaitAsync(Task run, TimeSpan patience)
        {
            var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = Token.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), interrupted);
            await Task.WhenAny(run, interrupted.Task);
            if (!run.IsCompleted)
            {
                await Task.WhenAny(run, Task.Delay(patience, CancellationToken.None));
            }

            if (!run.IsCompleted)
            {
                return false;
            }

            await run;
            return true;
        }

        public void Dispose()
        {
            foreach (var registration in _registrations)
            {
                registration.Dispose();
            }

            _cancellation.Dispose();
        }

        private void Handle(PosixSignalContext context, int signal)
        {
            context.Cancel = true;
            if (_signal is not null)
            {
                Environment.Exit(SignalExitCode + signal);
            }

            _signal = signal;
            // Cancelling runs callbacks, which the thread that delivers signals must not wait for.
            _ = Task.Run(_cancellation.Cancel);
        }
    }
}
