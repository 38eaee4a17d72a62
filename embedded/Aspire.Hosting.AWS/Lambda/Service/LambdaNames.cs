namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>Names that a function is known by.</summary>
internal static class LambdaNames
{
    /// <summary>The region of a function that is given none.</summary>
    public const string DefaultRegion = "us-east-1";

    // No account has this number.
    private const string Account = "000000000000";

    /// <summary>The ARN of a function.</summary>
    public static string Arn(string region, string name) => $"arn:aws:lambda:{region}:{Account}:function:{name}";
}
