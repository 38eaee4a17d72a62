using System.Globalization;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Lambda;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>The environment variables of a Lambda function, as far as what the model says about them has a meaning in the cloud.</summary>
internal sealed partial class FunctionVariables
{
    private readonly LambdaProjectResource _function;
    private readonly Dictionary<string, string> _problems = new(StringComparer.Ordinal);

    private FunctionVariables(LambdaProjectResource function) => _function = function;

    /// <summary>Those that have a value, in the order of their names.</summary>
    public SortedDictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the variables of a function.</summary>
    /// <param name="function">The function.</param>
    /// <param name="valueOf">What stands for the value of a parameter.</param>
    /// <param name="executionContext">What is done with the model.</param>
    /// <param name="logger">The log that callbacks write to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The variables.</returns>
    /// <exception cref="DistributedApplicationException">A callback of the model failed.</exception>
    public static async Task<FunctionVariables> ReadAsync(
        LambdaProjectResource function, Func<ParameterResource, string> valueOf, DistributedApplicationExecutionContext executionContext, ILogger logger, CancellationToken cancellationToken)
    {
        var variables = new FunctionVariables(function);
        var context = new EnvironmentCallbackContext(executionContext, function, [], cancellationToken) { Logger = logger };
        foreach (var annotation in function.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
        {
            try
            {
                await annotation.Callback(context);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new DistributedApplicationException($"An environment callback of resource '{function.Name}' failed: {exception.Message}", exception);
            }
        }

        foreach (var (name, value) in context.EnvironmentVariables.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            variables.Add(name, value, valueOf);
        }

        return variables;
    }

    /// <summary>What is wrong with the variables the function will have: those without a value that nobody has given one since, and names Lambda refuses.</summary>
    /// <param name="given">The function's variables, after its callbacks.</param>
    public IEnumerable<string> ProblemsOf(IDictionary<string, string>? given)
        => _problems.Where(p => given?.ContainsKey(p.Key) != true).Select(p => $"'{p.Key}' of '{_function.Name}': {p.Value}")
            .Concat((given?.Keys ?? []).Where(name => !NamePattern().IsMatch(name)).Order(StringComparer.Ordinal)
                .Select(name => $"'{name}' of '{_function.Name}': Lambda allows only letters, digits and underscores in a name, starting with a letter, at least two"));

    private void Add(string name, object? value, Func<ParameterResource, string> valueOf)
    {
        switch (value)
        {
            case null:
                break;
            case string text:
                Values[name] = text;
                break;
            case IResourceBuilder<IResource> builder:
                Add(name, builder.Resource, valueOf);
                break;
            case ParameterResource { Secret: false } parameter:
                Values[name] = valueOf(parameter);
                break;
            case ReferenceExpression { IsConditional: false, ValueProviders.Count: 0 } literal:
                // Text after all; its braces are doubled, as in every format.
                Values[name] = string.Format(CultureInfo.InvariantCulture, literal.Format);
                break;
            case IManifestExpressionProvider or IValueProvider:
                _problems[name] = Describe(value);
                break;
            case bool flag:
                Values[name] = flag.ToString();
                break;
            case IFormattable formattable:
                Values[name] = formattable.ToString(format: null, CultureInfo.InvariantCulture);
                break;
            default:
                _problems[name] = $"a {value.GetType().Name}, which has no text";
                break;
        }
    }

    private static string Describe(object value) => value switch
    {
        ParameterResource parameter => $"the secret parameter '{parameter.Name}', which would be readable in the function's configuration",
        ConnectionStringReference reference => $"the connection string of '{reference.Resource.Name}', which is known on this machine only",
        EndpointReference endpoint => $"the endpoint '{endpoint.EndpointName}' of '{endpoint.Resource.Name}', which exists on this machine only",
        EndpointReferenceExpression property => $"a property of endpoint '{property.Endpoint.EndpointName}' of '{property.Endpoint.Resource.Name}', which exists on this machine only",
        IResource resource => $"a value of '{resource.Name}', which is known on this machine only",
        IManifestExpressionProvider expression => $"the expression '{expression.ValueExpression}', which is known on this machine only",
        _ => $"a {value.GetType().Name}, which is known on this machine only",
    };

    // Lambda's API: Environment.Variables, key pattern [a-zA-Z]([a-zA-Z0-9_])+.
    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9_]+$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
