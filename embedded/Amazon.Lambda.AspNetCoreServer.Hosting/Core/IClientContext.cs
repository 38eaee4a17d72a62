namespace Amazon.Lambda.Core;

/// <summary>What an application tells about itself that invokes a function through the AWS Mobile SDK.</summary>
public interface IClientContext
{
    /// <summary>Its environment, as the SDK tells it.</summary>
    IDictionary<string, string>? Environment { get; }

    /// <summary>The application.</summary>
    IClientApplication? Client { get; }

    /// <summary>Values of its own.</summary>
    IDictionary<string, string>? Custom { get; }
}

/// <summary>An application that invokes a function through the AWS Mobile SDK.</summary>
public interface IClientApplication
{
    /// <summary>The name of its package.</summary>
    string? AppPackageName { get; }

    /// <summary>Its title.</summary>
    string? AppTitle { get; }

    /// <summary>The code of its version.</summary>
    string? AppVersionCode { get; }

    /// <summary>The name of its version.</summary>
    string? AppVersionName { get; }

    /// <summary>The id of this installation.</summary>
    string? InstallationId { get; }
}

/// <summary>An identity of Amazon Cognito.</summary>
public interface ICognitoIdentity
{
    /// <summary>The identity's id.</summary>
    string? IdentityId { get; }

    /// <summary>The id of its identity pool.</summary>
    string? IdentityPoolId { get; }
}
