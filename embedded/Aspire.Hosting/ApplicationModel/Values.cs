namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something whose value is known when the application runs.</summary>
public interface IValueProvider
{
    /// <summary>The value.</summary>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns>The value, or null when there is none.</returns>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <summary>The value as a particular caller sees it.</summary>
    /// <param name="context">Who asks, and from which network.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns>The value, or null when there is none.</returns>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) => GetValueAsync(cancellationToken);
}

/// <summary>Something that has an expression which stands for its value when the model is published.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The expression, for instance <c>{mongo.connectionString}</c>.</summary>
    string ValueExpression { get; }
}

/// <summary>Something that has both a value and an expression for it.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;

/// <summary>Something whose value is made from other things of the model.</summary>
public interface IValueWithReferences
{
    /// <summary>What the value is made from.</summary>
    IEnumerable<object> References { get; }
}

/// <summary>Who asks for a value.</summary>
public class ValueProviderContext
{
    /// <summary>Whether the application runs or is published.</summary>
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }

    /// <summary>The resource that the value is for.</summary>
    public IResource? Caller { get; init; }

    /// <summary>The network the value is used in; null for the caller's own.</summary>
    public NetworkIdentifier? Network { get; init; }

    internal NetworkIdentifier EffectiveNetwork => Network ?? NetworkOf(Caller);

    internal static NetworkIdentifier NetworkOf(IResource? caller)
        => caller is not null && Orchestration.ContainerRuntime.RunsInContainer(caller)
            ? KnownNetworkIdentifiers.DefaultAspireContainerNetwork
            : KnownNetworkIdentifiers.LocalhostNetwork;
}

/// <summary>The name of a network that addresses are valid in.</summary>
/// <param name="Value">The name.</param>
public record NetworkIdentifier(string Value);

/// <summary>The networks a local run has.</summary>
public static class KnownNetworkIdentifiers
{
    /// <summary>The developer's machine.</summary>
    public static readonly NetworkIdentifier LocalhostNetwork = new("localhost");

    /// <summary>The public internet.</summary>
    public static readonly NetworkIdentifier PublicInternet = new(".");

    /// <summary>The network that containers are in.</summary>
    public static readonly NetworkIdentifier DefaultAspireContainerNetwork = new("aspire-container-network");
}

/// <summary>Host names with a meaning.</summary>
public static class KnownHostNames
{
    /// <summary>This machine.</summary>
    public const string Localhost = "localhost";

    /// <summary>The developer's machine as a container sees it.</summary>
    public const string DockerDesktopHostBridge = "host.docker.internal";
}

/// <summary>A URL on the developer's machine.</summary>
/// <param name="Url">The URL.</param>
public record HostUrl(string Url) : IExpressionValue
{
    string IManifestExpressionProvider.ValueExpression => Url;

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => new(Url);

    ValueTask<string?> IValueProvider.GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken)
    {
        var containerHost = context.EffectiveNetwork == KnownNetworkIdentifiers.DefaultAspireContainerNetwork ? KnownHostNames.DockerDesktopHostBridge : null;
        return new(containerHost is null || !Uri.TryCreate(Url, UriKind.Absolute, out var uri) || !uri.IsLoopback
            ? Url
            : new UriBuilder(uri) { Host = containerHost }.Uri.ToString());
    }
}

/// <summary>A value that is set once, later, and can be awaited.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed class ValueSnapshot<T>
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the value is set.</summary>
    public bool IsValueSet
    {
        get
        {
            lock (_lock)
            {
                return _completion.Task.IsCompletedSuccessfully;
            }
        }
    }

    /// <summary>Waits until the value is set.</summary>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>The value.</returns>
    public Task<T> GetValueAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return _completion.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Sets the value, replacing an earlier one.</summary>
    /// <param name="value">The value.</param>
    public void SetValue(T value) => Complete(completion => completion.SetResult(value));

    /// <summary>Makes everyone who asks for the value fail.</summary>
    /// <param name="exception">Why there is no value.</param>
    public void SetException(Exception exception) => Complete(completion =>
    {
        completion.SetException(exception);
        // Nobody may ever ask; that is not an unobserved failure.
        _ = completion.Task.Exception;
    });

    private void Complete(Action<TaskCompletionSource<T>> complete)
    {
        lock (_lock)
        {
            if (_completion.Task.IsCompleted)
            {
                _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            complete(_completion);
        }
    }
}
