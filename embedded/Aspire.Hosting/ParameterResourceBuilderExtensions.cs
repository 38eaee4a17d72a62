using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Adds parameters.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter whose value the app host's configuration has under <c>Parameters:NAME</c>.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <returns>The parameter's builder.</returns>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, [ResourceName] string name, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return Add(builder, CreateParameter(builder, name, secret));
    }

    /// <summary>Adds a parameter with a value.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <param name="publishValueAsDefault">Whether the value is published as the default.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <returns>The parameter's builder.</returns>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string value, bool publishValueAsDefault = false, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(value);
        return builder.AddParameter(name, () => value, publishValueAsDefault, secret);
    }

    /// <summary>Adds a parameter with a value that is read when it is needed.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name.</param>
    /// <param name="valueGetter">Gives the value.</param>
    /// <param name="publishValueAsDefault">Whether the value is published as the default.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <returns>The parameter's builder.</returns>
    /// <exception cref="ArgumentException">A secret would be published.</exception>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(valueGetter);
        if (publishValueAsDefault && secret)
        {
            throw new ArgumentException($"The value of the secret parameter '{name}' cannot be published as its default.", nameof(secret));
        }

        return Add(builder, new ParameterResource(name, _ => valueGetter(), secret)
        {
            Default = publishValueAsDefault ? new ConstantParameterDefault(valueGetter) : null,
        });
    }

    /// <summary>Adds a parameter with a default for when its value is not configured.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The default.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <param name="persist">Whether the default is made once and kept in the app host's user secrets.</param>
    /// <returns>The parameter's builder.</returns>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(value);
        var parameter = CreateParameter(builder, name, secret);
        parameter.Default = persist ? Kept(builder, name, value) : value;
        return Add(builder, parameter);
    }

    /// <summary>Adds a parameter whose value the app host's configuration has under a key of its own.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name.</param>
    /// <param name="configurationKey">The key.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <returns>The parameter's builder.</returns>
    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(this IDistributedApplicationBuilder builder, [ResourceName] string name, string configurationKey, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(configurationKey);
        return Add(builder, new ParameterResource(name, @default => ReadValue(builder.Configuration, name, configurationKey, @default), secret) { ConfigurationKey = configurationKey });
    }

    /// <summary>Adds a connection string that the app host's configuration has under <c>ConnectionStrings:NAME</c>.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name.</param>
    /// <param name="environmentVariableName">The environment variable to hand it over in; <c>ConnectionStrings__NAME</c> when null.</param>
    /// <returns>The connection string's builder.</returns>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(this IDistributedApplicationBuilder builder, [ResourceName] string name, string? environmentVariableName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return Add(builder, new ConnectionStringParameterResource(
            name,
            _ => builder.Configuration.GetConnectionString(name) ?? throw Missing($"Connection string '{name}'", $"ConnectionStrings:{name}"),
            environmentVariableName));
    }

    /// <summary>Says what a parameter is for.</summary>
    /// <param name="builder">The parameter's builder.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="enableMarkdown">Whether that is Markdown.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<ParameterResource> WithDescription(this IResourceBuilder<ParameterResource> builder, string description, bool enableMarkdown = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Resource.Description = description ?? throw new ArgumentNullException(nameof(description));
        builder.Resource.EnableDescriptionMarkdown = enableMarkdown;
        return builder;
    }

    /// <summary>A secret parameter with a generated password of at least 22 characters, kept in the app host's user secrets. Not added to the model.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name.</param>
    /// <param name="lower">Whether there are lower-case letters.</param>
    /// <param name="upper">Whether there are upper-case letters.</param>
    /// <param name="numeric">Whether there are digits.</param>
    /// <param name="special">Whether there are special characters.</param>
    /// <param name="minLower">The least number of lower-case letters.</param>
    /// <param name="minUpper">The least number of upper-case letters.</param>
    /// <param name="minNumeric">The least number of digits.</param>
    /// <param name="minSpecial">The least number of special characters.</param>
    /// <returns>The parameter.</returns>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder,
        string name,
        bool lower = true,
        bool upper = true,
        bool numeric = true,
        bool special = true,
        int minLower = 0,
        int minUpper = 0,
        int minNumeric = 0,
        int minSpecial = 0)
        => CreateGeneratedParameter(builder, name, secret: true, new GenerateParameterDefault
        {
            // 128 bits of entropy even when only one kind of letters and digits is allowed.
            MinLength = 22,
            Lower = lower,
            Upper = upper,
            Numeric = numeric,
            Special = special,
            MinLower = minLower,
            MinUpper = minUpper,
            MinNumeric = minNumeric,
            MinSpecial = minSpecial,
        });

    /// <summary>A parameter with a generated value, kept in the app host's user secrets when the application runs. Not added to the model.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <param name="parameterDefault">What is generated.</param>
    /// <returns>The parameter.</returns>
    public static ParameterResource CreateGeneratedParameter(IDistributedApplicationBuilder builder, string name, bool secret, GenerateParameterDefault parameterDefault)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(parameterDefault);
        var parameter = CreateParameter(builder, name, secret);
        parameter.Default = Kept(builder, name, parameterDefault);
        return parameter;
    }

    /// <summary>A parameter whose value the app host's configuration has. Not added to the model.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <returns>The parameter.</returns>
    public static ParameterResource CreateParameter(IDistributedApplicationBuilder builder, string name, bool secret)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return new ParameterResource(name, @default => ReadValue(builder.Configuration, name, $"Parameters:{name}", @default), secret);
    }

    private static ParameterDefault Kept(IDistributedApplicationBuilder builder, string name, ParameterDefault value)
        => builder.ExecutionContext.IsRunMode ? new UserSecretsParameterDefault(builder.Configuration, name, value, builder.UserSecretsManager) : value;

    private static string ReadValue(ConfigurationManager configuration, string name, string key, ParameterDefault? @default)
    {
        // Some shells cannot set a variable with a hyphen: Parameters__admin_email stands for Parameters__admin-email.
        var value = configuration[key] ?? configuration[key.Replace('-', '_')];
        return value ?? @default?.GetDefaultValue() ?? throw Missing($"Parameter '{name}'", key);
    }

    private static MissingParameterValueException Missing(string what, string key)
        => new($"{what} has no value: set '{key}' in the app host's configuration, for instance with the environment variable {key.Replace(":", "__", StringComparison.Ordinal).Replace('-', '_')} or with: dotnet user-secrets set \"{key}\" VALUE.");

    private static IResourceBuilder<T> Add<T>(IDistributedApplicationBuilder builder, T parameter) where T : ParameterResource
        => builder.AddResource(parameter).WithInitialState(new CustomResourceSnapshot
        {
            ResourceType = ResourceTypes.Parameter,
            Properties = [new(CustomResourceKnownProperties.Source, parameter.ConfigurationKey)],
            State = KnownResourceStates.Waiting,
        });
}
