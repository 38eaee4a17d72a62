using System.Text.Json;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>The names of payload format 2.0 (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html), encoded once.</summary>
internal static class EventNames
{
    public static readonly JsonEncodedText Version = JsonEncodedText.Encode("version");
    public static readonly JsonEncodedText Version2 = JsonEncodedText.Encode("2.0");
    public static readonly JsonEncodedText RouteKey = JsonEncodedText.Encode("routeKey");
    public static readonly JsonEncodedText RawPath = JsonEncodedText.Encode("rawPath");
    public static readonly JsonEncodedText RawQueryString = JsonEncodedText.Encode("rawQueryString");
    public static readonly JsonEncodedText Cookies = JsonEncodedText.Encode("cookies");
    public static readonly JsonEncodedText Headers = JsonEncodedText.Encode("headers");
    public static readonly JsonEncodedText QueryStringParameters = JsonEncodedText.Encode("queryStringParameters");
    public static readonly JsonEncodedText RequestContext = JsonEncodedText.Encode("requestContext");
    public static readonly JsonEncodedText AccountId = JsonEncodedText.Encode("accountId");
    public static readonly JsonEncodedText ApiId = JsonEncodedText.Encode("apiId");
    public static readonly JsonEncodedText DomainName = JsonEncodedText.Encode("domainName");
    public static readonly JsonEncodedText DomainPrefix = JsonEncodedText.Encode("domainPrefix");
    public static readonly JsonEncodedText Http = JsonEncodedText.Encode("http");
    public static readonly JsonEncodedText Method = JsonEncodedText.Encode("method");
    public static readonly JsonEncodedText Path = JsonEncodedText.Encode("path");
    public static readonly JsonEncodedText Protocol = JsonEncodedText.Encode("protocol");
    public static readonly JsonEncodedText SourceIp = JsonEncodedText.Encode("sourceIp");
    public static readonly JsonEncodedText UserAgent = JsonEncodedText.Encode("userAgent");
    public static readonly JsonEncodedText RequestId = JsonEncodedText.Encode("requestId");
    public static readonly JsonEncodedText Stage = JsonEncodedText.Encode("stage");
    public static readonly JsonEncodedText DefaultStage = JsonEncodedText.Encode("$default");
    public static readonly JsonEncodedText Time = JsonEncodedText.Encode("time");
    public static readonly JsonEncodedText TimeEpoch = JsonEncodedText.Encode("timeEpoch");
    public static readonly JsonEncodedText Body = JsonEncodedText.Encode("body");
    public static readonly JsonEncodedText IsBase64Encoded = JsonEncodedText.Encode("isBase64Encoded");
    public static readonly JsonEncodedText PathParameters = JsonEncodedText.Encode("pathParameters");
    public static readonly JsonEncodedText StageVariables = JsonEncodedText.Encode("stageVariables");
    public static readonly JsonEncodedText ContentLength = JsonEncodedText.Encode("content-length");
    public static readonly JsonEncodedText ForwardedFor = JsonEncodedText.Encode("x-forwarded-for");
    public static readonly JsonEncodedText ForwardedPort = JsonEncodedText.Encode("x-forwarded-port");
    public static readonly JsonEncodedText ForwardedProto = JsonEncodedText.Encode("x-forwarded-proto");
    public static readonly JsonEncodedText TraceId = JsonEncodedText.Encode("x-amzn-trace-id");
}
