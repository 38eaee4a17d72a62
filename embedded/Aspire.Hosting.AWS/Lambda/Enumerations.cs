namespace Aspire.Hosting.AWS.Lambda;

/// <summary>What an API Gateway emulator emulates.</summary>
public enum APIGatewayType
{
    /// <summary>A REST API (payload format 1.0). Not implemented.</summary>
    Rest,

    /// <summary>An HTTP API with payload format 1.0. Not implemented.</summary>
    HttpV1,

    /// <summary>An HTTP API with payload format 2.0.</summary>
    HttpV2,
}

/// <summary>The HTTP method of a route.</summary>
public enum Method
{
    /// <summary>Every method (<c>ANY</c>).</summary>
    Any,

    /// <summary>GET.</summary>
    Get,

    /// <summary>POST.</summary>
    Post,

    /// <summary>PUT.</summary>
    Put,

    /// <summary>DELETE.</summary>
    Delete,

    /// <summary>PATCH.</summary>
    Patch,

    /// <summary>HEAD.</summary>
    Head,

    /// <summary>OPTIONS.</summary>
    Options,
}
