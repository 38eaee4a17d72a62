using System.Diagnostics;
using System.Diagnostics.Metrics;
using Aspire.Hosting.AWS.Lambda.Gateway;
using Aspire.Hosting.Telemetry;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>
/// A span and measurements for each invocation, by the semantic conventions for functions (https://opentelemetry.io/docs/specs/semconv/faas/), as the function's own: what the process of the
/// function sends is part of that span. Health checks of the app host have neither.
/// </summary>
internal sealed class FunctionTelemetry
{
    public const string Scope = "Aspire.Hosting.AWS.Lambda";

    /// <summary>Tells a process what describes its telemetry.</summary>
    public const string AttributesVariable = "OTEL_RESOURCE_ATTRIBUTES";

    private const string Instance = "service.instance.id";

    private readonly ResourceTelemetry _telemetry;
    private readonly Histogram<double> _invokeDuration;
    private readonly Histogram<double> _initDuration;
    private readonly Histogram<double> _waitDuration;
    private readonly Histogram<long> _memory;
    private readonly Counter<long> _invocations;
    private readonly Counter<long> _coldStarts;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _timeouts;
    private readonly Counter<long> _throttles;

    /// <param name="telemetry">Where it goes.</param>
    /// <param name="environments">How many environments there are in each state.</param>
    public FunctionTelemetry(ResourceTelemetry telemetry, Func<IReadOnlyList<(EnvironmentState State, int Count)>> environments)
    {
        _telemetry = telemetry;
        var meter = telemetry.Meter;
        _invokeDuration = meter.CreateHistogram("faas.invoke_duration", "s", "How long an environment worked on an event.", tags: null, TelemetryBuckets.Seconds);
        _initDuration = meter.CreateHistogram("faas.init_duration", "s", "How long an environment took until it asked for its first event.", tags: null, TelemetryBuckets.Seconds);
        _waitDuration = meter.CreateHistogram("aws.lambda.wait_duration", "s", "How long an event waited for an environment.", tags: null, TelemetryBuckets.Seconds);
        _memory = meter.CreateHistogram<long>("faas.mem_usage", "By", "The most memory that the environment of an invocation has used.");
        _invocations = meter.CreateCounter<long>("faas.invocations", "{invocation}", "Invocations that succeeded.");
        _coldStarts = meter.CreateCounter<long>("faas.coldstarts", "{coldstart}", "Environments that were started.");
        _errors = meter.CreateCounter<long>("faas.errors", "{error}", "Invocations that failed.");
        _timeouts = meter.CreateCounter<long>("faas.timeouts", "{timeout}", "Invocations that were ended for their timeout.");
        _throttles = meter.CreateCounter<long>("aws.lambda.throttles", "{invocation}", "Invocations that were refused since too many were under way.");
        meter.CreateObservableUpDownCounter(
            "aws.lambda.environments",
            () => environments().Select(e => new Measurement<int>(e.Count, new KeyValuePair<string, object?>("aws.lambda.environment.state", NameOf(e.State)))),
            "{environment}",
            "Execution environments by what they do.");
    }

    /// <summary>Takes what the service itself writes to the function's log.</summary>
    public ILogger Logger => _telemetry.Logger;

    /// <summary>
    /// What describes the telemetry of one environment: the function's attributes, but an instance of its own. Each counts for itself from zero, so measurements of several under one
    /// identity would look like a counter that falls.
    /// </summary>
    /// <param name="environment">The environment.</param>
    /// <param name="attributes">The function's attributes, in the form of <see cref="AttributesVariable"/>.</param>
    public static string AttributesOf(ExecutionEnvironment environment, string attributes)
        => string.Join(',', attributes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(pair => !pair.StartsWith($"{Instance}=", StringComparison.Ordinal))
            .Append($"{Instance}={environment.Id}")
            .Append($"faas.instance={environment.Id}"));

    /// <summary>Begins an invocation's span: part of its caller's, which is said directly or by X-Ray's header.</summary>
    /// <returns>The span, which does not become the current one; null when the invocation is not recorded.</returns>
    public Activity? Begin(string function, in InvokeRequest request)
    {
        if (request.IsProbe)
        {
            return null;
        }

        var parent = request.Parent == default ? TraceHeader.ContextOf(request.TraceId) : request.Parent;
        var caller = Activity.Current;
        Activity.Current = null;
        var span = _telemetry.Activities.StartActivity(function, ActivityKind.Server, parent);
        Activity.Current = caller;
        return span;
    }

    /// <summary>Ends an invocation.</summary>
    /// <param name="invocation">The invocation.</param>
    /// <param name="status">What came of it.</param>
    /// <param name="message">Why it was not tried, in a sentence.</param>
    public void End(LambdaInvocation invocation, InvokeStatus status, string? message)
    {
        var request = invocation.Request;
        if (request.IsProbe)
        {
            return;
        }

        var error = status switch
        {
            InvokeStatus.Succeeded => null,
            InvokeStatus.FunctionError => invocation.Error?.Type ?? "Runtime.Unknown",
            InvokeStatus.Throttled => "TooManyRequestsException",
            InvokeStatus.FunctionNotFound => "ResourceNotFoundException",
            InvokeStatus.RequestTooLarge => "RequestTooLargeException",
            _ => "ServiceException",
        };
        var trigger = request.Trigger == FunctionTrigger.Http ? "http" : "other";
        var span = invocation.Span;
        var before = Activity.Current;
        if (span is not null)
        {
            // What is measured now has the span as its example.
            Activity.Current = span;
        }

        Measure(invocation, status, error, new KeyValuePair<string, object?>("faas.trigger", trigger));
        if (span is not null)
        {
            if (span.IsAllDataRequested)
            {
                Describe(span, invocation, trigger, error, invocation.Error?.Message ?? message);
            }

            span.Stop();
            Activity.Current = before;
        }
    }

    /// <summary>An environment has asked for its first event.</summary>
    public void Started(TimeSpan initDuration)
    {
        _coldStarts.Add(1);
        _initDuration.Record(initDuration.TotalSeconds);
    }

    private void Measure(LambdaInvocation invocation, InvokeStatus status, string? error, KeyValuePair<string, object?> trigger)
    {
        if (status == InvokeStatus.Throttled)
        {
            _throttles.Add(1, trigger);
            return;
        }

        if (invocation.IsStarted)
        {
            _waitDuration.Record(Stopwatch.GetElapsedTime(invocation.SubmittedTimestamp, invocation.StartedTimestamp).TotalSeconds, trigger);
            _invokeDuration.Record(Stopwatch.GetElapsedTime(invocation.StartedTimestamp).TotalSeconds, trigger);
        }

        if (invocation.Environment?.PeakMemoryMegabytes() is > 0 and { } megabytes)
        {
            _memory.Record(megabytes << 20, trigger);
        }

        if (error is null)
        {
            _invocations.Add(1, trigger);
        }
        else
        {
            _errors.Add(1, trigger, new("error.type", error));
        }

        if (error == InvocationError.TimedOut)
        {
            _timeouts.Add(1, trigger);
        }
    }

    private void Describe(Activity span, LambdaInvocation invocation, string trigger, string? error, string? message)
    {
        span.SetTag("faas.invocation_id", invocation.RequestId);
        span.SetTag("faas.trigger", trigger);
        span.SetTag("faas.coldstart", invocation.ColdStart is not null);
        span.SetTag("cloud.resource_id", invocation.FunctionArn);
        if (invocation.IsStarted)
        {
            span.SetTag("aws.lambda.wait_duration", Stopwatch.GetElapsedTime(invocation.SubmittedTimestamp, invocation.StartedTimestamp).TotalSeconds);
        }

        if (invocation.Environment is { } environment)
        {
            span.SetTag("faas.instance", environment.Id);
            span.SetTag("process.pid", environment.Process?.Id);
            span.SetTag("aws.lambda.max_memory_used", environment.PeakMemoryMegabytes() << 20);
        }

        if (invocation.ColdStart is { } cold)
        {
            span.SetTag("aws.lambda.init_duration", cold.Duration.TotalSeconds);
            // An environment that was ready before the event came has cost the event no time.
            if (cold.ReadyUtc > span.StartTimeUtc)
            {
                using var init = _telemetry.Activities.StartActivity("init", ActivityKind.Internal, span.Context, startTime: cold.ReadyUtc - cold.Duration);
                init?.SetEndTime(cold.ReadyUtc);
            }
        }

        if (error is not null)
        {
            span.SetTag("error.type", error);
            span.SetStatus(ActivityStatusCode.Error, message);
        }
    }

    private static string NameOf(EnvironmentState state) => state switch
    {
        EnvironmentState.Starting => "starting",
        EnvironmentState.Ready => "ready",
        EnvironmentState.Running => "running",
        EnvironmentState.Responded => "responded",
        _ => "ended",
    };
}

/// <summary>The start of an environment, as its first event sees it.</summary>
/// <param name="Duration">How long it took.</param>
/// <param name="ReadyUtc">When it was over.</param>
internal sealed record ColdStart(TimeSpan Duration, DateTime ReadyUtc);
