using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.Orchestration;

/// <summary>Turns what the model says about a resource into the environment and arguments of a process.</summary>
internal static class ResourceConfiguration
{
    public static async Task<Dictionary<string, string>> ResolveEnvironmentAsync(
        IResource resource, DistributedApplicationExecutionContext executionContext, ILogger? logger, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(executionContext, resource, [], cancellationToken) { Logger = logger ?? NullLogger.Instance };
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
        {
            await annotation.Callback(context);
        }

        var resolved = new Dictionary<string, string>(context.EnvironmentVariables.Count);
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            if (await ResolveAsync(resource, executionContext, $"environment variable '{name}'", value, cancellationToken) is { } text)
            {
                resolved[name] = text;
            }
        }

        return resolved;
    }

    public static async Task<List<string>> ResolveArgumentsAsync(
        IResource resource, DistributedApplicationExecutionContext executionContext, ILogger? logger, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken) { ExecutionContext = executionContext, Logger = logger ?? NullLogger.Instance };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
        {
            await annotation.Callback(context);
        }

        return await ResolveListAsync(resource, executionContext, context.Args, cancellationToken);
    }

    public static async Task<List<string>> ResolveListAsync(
        IResource resource, DistributedApplicationExecutionContext executionContext, IEnumerable<object> values, CancellationToken cancellationToken)
    {
        var resolved = new List<string>();
        foreach (var value in values)
        {
            if (await ResolveAsync(resource, executionContext, $"argument {resolved.Count + 1}", value, cancellationToken) is { } text)
            {
                resolved.Add(text);
            }
        }

        return resolved;
    }

    private static async Task<string?> ResolveAsync(IResource resource, DistributedApplicationExecutionContext executionContext, string what, object? value, CancellationToken cancellationToken)
    {
        try
        {
            return value switch
            {
                null => null,
                string text => text,
                IResourceBuilder<IResource> builder => await ResolveAsync(resource, executionContext, what, builder.Resource, cancellationToken),
                IManifestExpressionProvider expression when executionContext.IsPublishMode => expression.ValueExpression,
                IValueProvider provider => await provider.GetValueAsync(new ValueProviderContext { Caller = resource, ExecutionContext = executionContext }, cancellationToken),
                IFormattable formattable => formattable.ToString(format: null, CultureInfo.InvariantCulture),
                bool boolean => boolean.ToString(),
                _ => throw new DistributedApplicationException($"it is a '{value.GetType().Name}', which has no value: use a string, a number or an IValueProvider."),
            };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new DistributedApplicationException($"The {what} of resource '{resource.Name}' has no value: {exception.Message}", exception);
        }
    }
}
