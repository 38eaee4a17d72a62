using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>
/// Settings of an emulated API: configuration section <c>Embedded:ApiGateway</c>, and over it <c>Embedded:ApiGateway:Apis:NAME</c> for the
/// resource of that name. The defaults are the quotas of https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html.
/// </summary>
internal sealed class ApiGatewayOptions
{
    public const string Section = "Embedded:ApiGateway";

    /// <summary>How long a function may take. 50 ms to 30 s; default 30 s (quota "Maximum integration timeout").</summary>
    public TimeSpan IntegrationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest body of a request. 1 to 10,485,760 bytes, which is the default (quota "Payload size", 10 MB).</summary>
    public int MaxRequestBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>The largest request line and header values together. 256 to 10,240 bytes, which is the default (quota "Total combined size of request line and header values").</summary>
    public int MaxRequestHeaderBytes { get; set; } = 10_240;

    /// <summary>How many connections may be open at a time. 1 to 65,535; default 1,024. Not a quota of AWS.</summary>
    public int MaxConnections { get; set; } = 1024;

    /// <summary>How many requests are let through.</summary>
    public ThrottlingOptions Throttling { get; set; } = new();

    /// <summary>The API's CORS configuration; without origins there is none, and requests of browsers are like any others.</summary>
    public CorsOptions Cors { get; set; } = new();

    /// <summary>The line that is logged for each request.</summary>
    public AccessLogOptions AccessLog { get; set; } = new();

    /// <summary>The account that events name, 12 digits.</summary>
    public string AccountId { get; set; } = "123456789012";

    /// <summary>The id of the API that events name; the resource's name when null.</summary>
    public string? ApiId { get; set; }

    /// <summary>The stage's variables: at most 100, with names up to 64 and values up to 512 characters.</summary>
    public Dictionary<string, string> StageVariables { get; set; } = [];

    /// <summary>Reads the settings of one API.</summary>
    /// <exception cref="DistributedApplicationException">A value is wrong; the message names its key, the value and what it may be.</exception>
    public static ApiGatewayOptions From(IConfiguration configuration, string api)
    {
        var options = new ApiGatewayOptions();
        Bind(options, configuration.GetSection(Section));
        Bind(options, configuration.GetSection($"{Section}:Apis:{api}"));
        options.ApiId ??= api;
        options.Validate();
        return options;
    }

    internal static DistributedApplicationException Invalid(string key, object? value, string expected)
        => new(string.Create(CultureInfo.InvariantCulture, $"The configuration value {Section}:{key} (or {Section}:Apis:NAME:{key}) is '{value}', but it has to be {expected}."));

    private static void Bind(ApiGatewayOptions options, IConfigurationSection section)
    {
        options.Cors.ForgetListsOf(section.GetSection(nameof(Cors)));
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException exception)
        {
            throw new DistributedApplicationException($"The configuration section '{section.Path}' is not valid: {exception.Message}", exception);
        }
    }

    private void Validate()
    {
        if (IntegrationTimeout < TimeSpan.FromMilliseconds(50) || IntegrationTimeout > TimeSpan.FromSeconds(30))
        {
            throw Invalid(nameof(IntegrationTimeout), IntegrationTimeout, "a time from 00:00:00.050 to 00:00:30");
        }

        InRange(nameof(MaxRequestBytes), MaxRequestBytes, 1, 10 * 1024 * 1024);
        InRange(nameof(MaxRequestHeaderBytes), MaxRequestHeaderBytes, 256, 10_240);
        InRange(nameof(MaxConnections), MaxConnections, 1, 65_535);
        if (AccountId.Length != 12 || !AccountId.All(char.IsAsciiDigit))
        {
            throw Invalid(nameof(AccountId), AccountId, "12 digits");
        }

        if (string.IsNullOrWhiteSpace(ApiId))
        {
            throw Invalid(nameof(ApiId), ApiId, "a name");
        }

        if (StageVariables.Count > 100)
        {
            throw Invalid(nameof(StageVariables), StageVariables.Count, "at most 100 variables");
        }

        foreach (var (name, value) in StageVariables)
        {
            if (name.Length > 64 || value is not { Length: <= 512 })
            {
                throw Invalid($"{nameof(StageVariables)}:{name}", value, "a text of at most 512 characters under a name of at most 64");
            }
        }

        Throttling.Validate();
        Cors.Validate();
        AccessLog.Validate();
    }

    internal static void InRange(string key, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
        {
            throw Invalid(key, value, string.Create(CultureInfo.InvariantCulture, $"from {least:N0} to {most:N0}"));
        }
    }
}

/// <summary>How many requests an API or one of its routes lets through (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html).</summary>
internal class ThrottleLimits
{
    /// <summary>Requests in a second. 0 (none) to 1,000,000; default 10,000, the quota of an account.</summary>
    public double RateLimit { get; set; } = 10_000;

    /// <summary>Requests at once. 0 (none) to 1,000,000; default 5,000, the quota of an account.</summary>
    public int BurstLimit { get; set; } = 5_000;

    internal void Validate(string key)
    {
        ApiGatewayOptions.InRange($"{key}:{nameof(RateLimit)}", RateLimit, 0, 1_000_000);
        ApiGatewayOptions.InRange($"{key}:{nameof(BurstLimit)}", BurstLimit, 0, 1_000_000);
    }
}

/// <summary>The limits of an API, and those of single routes, which apply in addition.</summary>
internal sealed class ThrottlingOptions : ThrottleLimits
{
    /// <summary>Limits of routes, by their keys, for instance <c>GET /pets/{id}</c>.</summary>
    public Dictionary<string, ThrottleLimits> Routes { get; set; } = [];

    internal void Validate()
    {
        Validate(nameof(ApiGatewayOptions.Throttling));
        foreach (var (route, limits) in Routes)
        {
            limits.Validate($"{nameof(ApiGatewayOptions.Throttling)}:{nameof(Routes)}:{route}");
        }
    }
}

/// <summary>The line that is logged for each request.</summary>
internal sealed class AccessLogOptions
{
    /// <summary>Whether there is one. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Its format: text with variables as in https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html. At most 3,072 characters (quota "Access log template size", 3 KB).</summary>
    public string Format { get; set; } =
        "$context.identity.sourceIp - - [$context.requestTime] \"$context.httpMethod $context.path $context.protocol\" $context.status $context.responseLength $context.requestId \"$context.routeKey\" $context.responseLatency ms, integration $context.integrationLatency ms $context.integrationErrorMessage";

    /// <summary>How many lines are written in a second; of more requests only their number is. 1 to 1,000,000; default 500. Not a quota of AWS.</summary>
    public int MaxLinesPerSecond { get; set; } = 500;

    internal void Validate()
    {
        if (Format is not { Length: > 0 and <= 3072 })
        {
            throw ApiGatewayOptions.Invalid("AccessLog:Format", Format, "a text of 1 to 3,072 characters");
        }

        ApiGatewayOptions.InRange("AccessLog:MaxLinesPerSecond", MaxLinesPerSecond, 1, 1_000_000);
    }
}
