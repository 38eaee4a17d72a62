using Amazon.CDK;
using Aspire.Hosting.ApplicationModel;
using Environment = System.Environment;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>Parameters of the model as parameters of the stack: <c>Param-NAME</c>, which a deployment sets from <c>Parameters:NAME</c>.</summary>
internal static class StackParameters
{
    private const string Prefix = "Param-";

    /// <summary>The stack's parameter of a parameter of the model.</summary>
    public static CfnParameter GetOrCreate(Stack stack, ParameterResource parameter)
    {
        var id = Prefix + parameter.Name;
        return stack.Node.TryFindChild(id) as CfnParameter ?? new CfnParameter(stack, id, new CfnParameterProps
        {
            Type = "String",
            Description = parameter.Description ?? $"Parameter '{parameter.Name}' of the app host",
            NoEcho = parameter.Secret ? true : null,
            // What the model publishes as the default, and only that: any other value is this machine's.
            Default = (parameter.Default as ConstantParameterDefault)?.GetDefaultValue(),
        });
    }

    /// <summary>The name the template gives a construct: the CDK leaves out what CloudFormation does not allow.</summary>
    public static string TemplateName(string parameterName) => string.Concat((Prefix + parameterName).Where(char.IsAsciiLetterOrDigit));

    /// <summary>The values that a deployment gives to parameters of the stack, by their names in the template.</summary>
    /// <exception cref="DistributedApplicationException">Some have no value; the message names all of them.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadValuesAsync(IEnumerable<ParameterResource> parameters, CancellationToken cancellationToken)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var parameter in parameters)
        {
            try
            {
                values[TemplateName(parameter.Name)] = await parameter.GetValueAsync(cancellationToken) ?? "";
            }
            catch (MissingParameterValueException exception)
            {
                missing.Add(exception.Message);
            }
        }

        return missing.Count == 0 ? values : throw new DistributedApplicationException(string.Join(Environment.NewLine, missing));
    }
}
