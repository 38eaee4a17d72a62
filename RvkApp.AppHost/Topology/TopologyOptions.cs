using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace RvkApp.AppHost.Topology;

/// <summary>Section <c>Aws</c>: what may differ from one deployment to another. README.md lists the settings.</summary>
internal sealed partial record TopologyOptions
{
    /// <summary>The one value that both <see cref="Region"/>'s default and the documentation use.</summary>
    public const string DefaultRegion = "us-east-2";

    /// <summary>MongoDB's image unless configured: the Docker official image in Amazon's public registry, which does not limit pulls from AWS.</summary>
    public const string DefaultMongoImage = "public.ecr.aws/docker/library/mongo:8.0.13";

    /// <summary>The retentions that CloudWatch Logs accepts, in days (PutRetentionPolicy).</summary>
    public static IReadOnlyList<int> Retentions { get; } =
        [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    /// <summary><c>Aws:Region</c>: where <c>deploy</c> and <c>audit</c> go. The template itself names no region.</summary>
    public string Region { get; init; } = DefaultRegion;

    /// <summary><c>Aws:AllowHttpEgress</c>: whether plain HTTP (TCP 80) may leave the application and the data tier.</summary>
    public bool AllowHttpEgress { get; init; } = true;

    /// <summary><c>Aws:Environment</c>: the value of the tag <c>Environment</c>, 1 to 64 letters, digits, dots, hyphens and underscores.</summary>
    public string Environment { get; init; } = "production";

    /// <summary><c>Aws:MongoImage</c>: MongoDB's image with a tag other than <c>latest</c>, or with a digest.</summary>
    public string MongoImage { get; init; } = DefaultMongoImage;

    /// <summary><c>Aws:MongoCpu</c> and <c>Aws:MongoMemory</c>: the size of the MongoDB task.</summary>
    public FargateSize MongoSize { get; init; } = new(256, 512);

    /// <summary><c>Aws:LambdaMemory</c> in MB, 128 to 10,240 (Lambda quotas).</summary>
    public int LambdaMemory { get; init; } = 512;

    /// <summary><c>Aws:LambdaTimeout</c> in seconds, 1 to 30: an HTTP API waits no longer than 30 s.</summary>
    public int LambdaTimeout { get; init; } = 30;

    /// <summary><c>Aws:LambdaConcurrency</c>: reserved concurrent executions, 1 to 900 (an account has 1,000 and must keep 100 unreserved).</summary>
    public int LambdaConcurrency { get; init; } = 200;

    /// <summary><c>Aws:LogRetention</c> in days, one of <see cref="Retentions"/>.</summary>
    public int LogRetention { get; init; } = 30;

    /// <summary><c>Aws:ThrottleRate</c>: requests a second that the HTTP API takes in the long run, 1 to 10,000 (the quota of an account and region).</summary>
    public int ThrottleRate { get; init; } = 100;

    /// <summary><c>Aws:ThrottleBurst</c>: requests that it takes at once, 1 to 5,000.</summary>
    public int ThrottleBurst { get; init; } = 200;

    /// <summary><c>Aws:CorsOrigins</c>: the origins whose pages may call the API, such as <c>https://school.example</c>; none by default, never a wildcard.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>
    /// <c>Aws:FirstAdmin</c>: whether the function may read a third secret, the generated password of the first administrator, and make that account in
    /// an empty database. Needed once; the secret goes again with the next deployment that does not ask for it.
    /// </summary>
    public bool FirstAdmin { get; init; }

    /// <summary><c>Aws:AlarmEmail</c>: who is mailed about alarms and changed security groups; nobody by default.</summary>
    public string? AlarmEmail { get; init; }

    /// <summary>Reads the section.</summary>
    /// <param name="configuration">The app host's configuration.</param>
    /// <returns>The options.</returns>
    /// <exception cref="DistributedApplicationException">A setting cannot be used: which one, its value, and what it may be.</exception>
    public static TopologyOptions Read(IConfiguration configuration)
    {
        var reader = new SettingReader(configuration);
        var defaults = new TopologyOptions();
        var alarmEmail = reader.Text("Aws:AlarmEmail", string.Empty, Email().IsMatch, "one email address");
        return new TopologyOptions
        {
            Region = reader.Text("Aws:Region", defaults.Region, RegionName().IsMatch, "the name of a region, such as us-east-2"),
            AllowHttpEgress = reader.Switch("Aws:AllowHttpEgress", defaults.AllowHttpEgress),
            Environment = reader.Text("Aws:Environment", defaults.Environment, TagWord().IsMatch, "1 to 64 letters, digits, dots, hyphens and underscores"),
            MongoImage = reader.Text("Aws:MongoImage", defaults.MongoImage, PinnedImage().IsMatch, "an image with a tag other than latest, or with a sha256 digest"),
            MongoSize = FargateSize.Read(reader, "Aws:MongoCpu", "Aws:MongoMemory", defaults.MongoSize),
            LambdaMemory = reader.Number("Aws:LambdaMemory", defaults.LambdaMemory, 128, 10_240),
            LambdaTimeout = reader.Number("Aws:LambdaTimeout", defaults.LambdaTimeout, 1, 30),
            LambdaConcurrency = reader.Number("Aws:LambdaConcurrency", defaults.LambdaConcurrency, 1, 900),
            LogRetention = reader.NumberOf("Aws:LogRetention", defaults.LogRetention, Retentions),
            ThrottleRate = reader.Number("Aws:ThrottleRate", defaults.ThrottleRate, 1, 10_000),
            ThrottleBurst = reader.Number("Aws:ThrottleBurst", defaults.ThrottleBurst, 1, 5_000),
            CorsOrigins = reader.Texts("Aws:CorsOrigins", IsOrigin, "origins of scheme, host and port alone, such as https://school.example"),
            FirstAdmin = reader.Switch("Aws:FirstAdmin", defaults.FirstAdmin),
            AlarmEmail = alarmEmail.Length == 0 ? null : alarmEmail,
        };
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && !text.Contains('*', StringComparison.Ordinal)
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);

    // us-east-2, ap-southeast-1, us-gov-west-1
    [GeneratedRegex(@"^[a-z]{2}(-[a-z]+)+-[1-9]$")]
    private static partial Regex RegionName();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}$")]
    private static partial Regex TagWord();

    // mongo:8.0.13, registry.example:5000/library/mongo:8, mongo@sha256:<64 hex digits>
    [GeneratedRegex(@"^[a-z0-9][a-z0-9._:/-]*(:(?!latest$)[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})$")]
    private static partial Regex PinnedImage();

    [GeneratedRegex(@"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+$")]
    private static partial Regex Email();
}
