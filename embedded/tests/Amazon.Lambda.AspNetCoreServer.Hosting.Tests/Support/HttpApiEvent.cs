using System.Text.Json.Nodes;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;

/// <summary>Builds events as an API Gateway HTTP API sends them (payload format 2.0).</summary>
internal sealed class HttpApiEvent(string method, string path)
{
    private readonly JsonObject _headers = new() { ["host"] = "abc123.execute-api.us-east-2.amazonaws.com", ["x-forwarded-proto"] = "https", ["x-forwarded-port"] = "443" };

    public string Query { get; init; } = "";

    public string Stage { get; init; } = "$default";

    public string SourceIp { get; init; } = "203.0.113.7";

    public string[] Cookies { get; init; } = [];

    public string? Body { get; init; }

    public bool IsBase64Encoded { get; init; }

    public JsonObject? Authorizer { get; init; }

    public string Version { get; init; } = "2.0";

    public HttpApiEvent With(string name, string value)
    {
        _headers[name] = value;
        return this;
    }

    public override string ToString()
    {
        var context = new JsonObject
        {
            ["accountId"] = "123456789012",
            ["apiId"] = "abc123",
            ["domainName"] = "abc123.execute-api.us-east-2.amazonaws.com",
            ["domainPrefix"] = "abc123",
            ["http"] = new JsonObject { ["method"] = method, ["path"] = path, ["protocol"] = "HTTP/1.1", ["sourceIp"] = SourceIp, ["userAgent"] = "test" },
            ["requestId"] = "JKJaXmPLvHcESHA=",
            ["routeKey"] = "ANY /{proxy+}",
            ["stage"] = Stage,
            ["time"] = "24/Nov/2026:08:00:00 +0000",
            ["timeEpoch"] = 1795507200000,
        };
        if (Authorizer is not null)
        {
            context["authorizer"] = Authorizer.DeepClone();
        }

        var json = new JsonObject
        {
            ["version"] = Version,
            ["routeKey"] = "ANY /{proxy+}",
            ["rawPath"] = path,
            ["rawQueryString"] = Query,
            ["headers"] = _headers.DeepClone(),
            ["requestContext"] = context,
            ["pathParameters"] = new JsonObject { ["proxy"] = path.TrimStart('/') },
            ["isBase64Encoded"] = IsBase64Encoded,
        };
        if (Cookies.Length > 0)
        {
            json["cookies"] = new JsonArray([.. Cookies.Select(cookie => (JsonNode)cookie)]);
        }

        if (Body is not null)
        {
            json["body"] = Body;
        }

        return json.ToJsonString();
    }
}
