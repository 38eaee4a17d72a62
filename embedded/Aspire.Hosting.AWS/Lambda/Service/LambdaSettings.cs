using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>What runs in an execution environment.</summary>
internal enum LambdaPackage
{
    /// <summary>The project's built output.</summary>
    Project,

    /// <summary>The deployment package, built and unpacked as Lambda does.</summary>
    Deployment,
}

/// <summary>
/// The limits of a function: configuration section <c>Embedded:Lambda</c>, and for one function <c>Embedded:Lambda:Functions:NAME</c>. Where the cloud has
/// a limit, it is the default (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
/// </summary>
internal sealed class LambdaSettings
{
    public const string Section = "Embedded:Lambda";

    /// <summary>How long an invocation may take. Default: 30 s, as the function is published; the most is 15 min, Lambda's own bound.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an environment may take to ask for its first event. Default: Lambda's 10 s.</summary>
    public TimeSpan InitTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The function's memory in MB, 128 to 10,240. It is told and reported, not enforced. Default: 512, as the function is published.</summary>
    public int MemorySize { get; set; } = 512;

    /// <summary>How many invocations may run or wait at a time; one more is throttled. Default: 1,000, an account's quota.</summary>
    public int Concurrency { get; set; } = 1000;

    /// <summary>How many processes run on this machine, 1 to 1,000. Invocations beyond wait for one. Default: 10.</summary>
    public int MaxEnvironments { get; set; } = 10;

    /// <summary>How many environments are started with the resource; 0 starts the first one with the first event. Default: 1.</summary>
    public int Prewarmed { get; set; } = 1;

    /// <summary>When an environment that has nothing to do is ended. Lambda does not say when it does. Default: 10 min.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether an environment is stopped between invocations, as it is in Lambda. Without effect on Windows. Default: true.</summary>
    public bool Freeze { get; set; } = true;

    /// <summary>How long an environment waits for the next event before it is stopped, 0 to 1 s. Lambda does not say. Default: 10 ms.</summary>
    public TimeSpan FreezeDelay { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Whether the function is debugged: one environment, never stopped, without deadlines. Default: false.</summary>
    public bool Debugging { get; set; }

    /// <summary>What runs. Default: the project's output.</summary>
    public LambdaPackage Package { get; set; }

    /// <summary>Whether START, END and REPORT are written to the function's log. Default: true.</summary>
    public bool PlatformLogs { get; set; } = true;

    /// <summary>The largest event of a synchronous invocation in bytes. Default: 6 MB, Lambda's quota.</summary>
    public int MaxRequestBytes { get; set; } = 6 * 1024 * 1024;

    /// <summary>The largest response in bytes. Default: 6 MB and 100 bytes, which Lambda takes.</summary>
    public int MaxResponseBytes { get; set; } = (6 * 1024 * 1024) + 100;

    /// <summary>The largest event of an asynchronous invocation in bytes. Default: 1 MB, Lambda's quota.</summary>
    public int MaxEventBytes { get; set; } = 1024 * 1024;

    /// <summary>How many asynchronous invocations may be under way, including those that wait to be tried again; one more is throttled. Default: 1,000.</summary>
    public int MaxQueuedEvents { get; set; } = 1000;

    /// <summary>How often a failed asynchronous invocation is tried again, 0 to 2. Default: 2, as in Lambda.</summary>
    public int EventRetries { get; set; } = 2;

    /// <summary>The pause before the first retry of an asynchronous invocation; the second takes twice as long. Default: Lambda's 1 min.</summary>
    public TimeSpan EventRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a throttled asynchronous invocation is tried again. Default: Lambda's 6 h.</summary>
    public TimeSpan MaxEventAge { get; set; } = TimeSpan.FromHours(6);

    /// <summary>How many environments there may be at once.</summary>
    public int EnvironmentLimit => Math.Min(MaxEnvironments, Concurrency);

    /// <summary>Reads a function's settings.</summary>
    /// <exception cref="DistributedApplicationException">A value cannot be used; the message names its key and its range.</exception>
    public static LambdaSettings Read(IConfiguration configuration, string function)
    {
        var settings = new LambdaSettings();
        var own = configuration.GetSection($"{Section}:Functions:{function}");
        try
        {
            configuration.GetSection(Section).Bind(settings);
            own.Bind(settings);
        }
        catch (InvalidOperationException exception)
        {
            throw new DistributedApplicationException($"The configuration section '{Section}' is not valid: {exception.Message}", exception);
        }

        settings.Validate(name => own[name] is null ? $"{Section}:{name}" : $"{own.Path}:{name}");
        return settings;
    }

    private void Validate(Func<string, string> key)
    {
        Time(nameof(Timeout), Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(15));
        Time(nameof(InitTimeout), InitTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(15));
        Number(nameof(MemorySize), MemorySize, 128, 10_240);
        Number(nameof(Concurrency), Concurrency, 1, 100_000);
        Number(nameof(MaxEnvironments), MaxEnvironments, 1, 1000);
        Number(nameof(Prewarmed), Prewarmed, 0, EnvironmentLimit);
        Time(nameof(IdleTimeout), IdleTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1));
        Time(nameof(FreezeDelay), FreezeDelay, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Number(nameof(MaxRequestBytes), MaxRequestBytes, 1, 256 * 1024 * 1024);
        Number(nameof(MaxResponseBytes), MaxResponseBytes, 1, 256 * 1024 * 1024);
        Number(nameof(MaxEventBytes), MaxEventBytes, 1, 256 * 1024 * 1024);
        Number(nameof(MaxQueuedEvents), MaxQueuedEvents, 1, 1_000_000);
        Number(nameof(EventRetries), EventRetries, 0, 2);
        Time(nameof(EventRetryDelay), EventRetryDelay, TimeSpan.Zero, TimeSpan.FromHours(6));
        Time(nameof(MaxEventAge), MaxEventAge, TimeSpan.FromSeconds(1), TimeSpan.FromHours(6));

        void Number(string name, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                throw new DistributedApplicationException(FormattableString.Invariant($"{key(name)} is {value}: use {least} to {most}."));
            }
        }

        void Time(string name, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                throw new DistributedApplicationException($"{key(name)} is {value:c}: use {least:c} to {most:c} (hours:minutes:seconds).");
            }
        }
    }
}
