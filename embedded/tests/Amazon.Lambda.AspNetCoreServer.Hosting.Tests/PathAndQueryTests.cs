using System.Text.Json.Nodes;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests;

/// <summary>
/// Path and query of all event sources:
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html (v2),
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html (v1),
/// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html (load balancer).
/// </summary>
public sealed class PathAndQueryTests
{
    [Theory]
    [InlineData("/students", "/students")]
    [InlineData("/students/", "/students/")]
    [InlineData("/a%2Fb", "/a%2Fb")]
    [InlineData("/a%2fb/c", "/a%2fb/c")]
    [InlineData("/a%252Fb", "/a%2Fb")]
    [InlineData("/a+b", "/a+b")]
    [InlineData("/a%2Bb", "/a+b")]
    [InlineData("/a%20b", "/a b")]
    [InlineData("/100%25", "/100%")]
    [InlineData("/100%", "/100%")]
    [InlineData("/caf%C3%A9/%E6%97%A5%E6%9C%AC", "/café/日本")]
    [InlineData("/caf\u00E9", "/café")]
    [InlineData("/%F0%9F%98%80", "/😀")]
    [InlineData("/a;b=1,c=2", "/a;b=1,c=2")]
    [InlineData("/a%3Fb%23c", "/a?b#c")]
    [InlineData("//a//b", "//a//b")]
    [InlineData("/a%00b", "/a\0b")]
    public async Task A_path_is_decoded_but_for_slashes_and_its_raw_target_is_not(string raw, string path)
    {
        var v2 = await Mirror.SeeAsync(new HttpApiEvent("GET", raw) { Query = "x=%2F" }.ToString());
        Assert.Equal((path, $"{raw}?x=%2F"), (v2["path"], v2["target"]));

        var balancer = await Mirror.SeeAsync(LoadBalancer(raw, new JsonObject { ["x"] = "%2F" }), LambdaEventSource.ApplicationLoadBalancer);
        Assert.Equal((path, $"{raw}?x=%2F"), (balancer["path"], balancer["target"]));

        var v1 = await Mirror.SeeAsync(RestApi("/{id}", raw, raw, null, new JsonObject { ["x"] = new JsonArray("/") }), LambdaEventSource.RestApi);
        Assert.Equal((path, $"{raw}?x=%2F"), (v1["path"], v1["target"]));
    }

    [Theory]
    [InlineData("a=1&a=2", "a", "1|2")]
    [InlineData("a=1&b=&a=", "a", "1|")]
    [InlineData("a=", "a", "")]
    [InlineData("a", "a", "")]
    [InlineData("a=b+c", "a", "b c")]
    [InlineData("a=b%2Bc", "a", "b+c")]
    [InlineData("a=b%20c", "a", "b c")]
    [InlineData("a=1%2C2,3", "a", "1,2,3")]
    [InlineData("a=b%26c%3Dd", "a", "b&c=d")]
    [InlineData("a%5B%5D=1&a%5B%5D=2", "a[]", "1|2")]
    [InlineData("caf%C3%A9=%E6%97%A5", "café", "日")]
    [InlineData("q=100%", "q", "100%")]
    public async Task The_query_of_an_http_api_is_passed_on_as_it_was_sent(string query, string name, string values)
    {
        var seen = await Mirror.SeeAsync(new HttpApiEvent("GET", "/") { Query = query }.ToString());
        Assert.Equal("?" + query, seen["querystring"]);
        Assert.Equal(values, seen[$"query {name}"]);
    }

    [Theory]
    [InlineData("a", new[] { "1", "2" }, "?a=1&a=2")]
    [InlineData("a", new[] { "" }, "?a=")]
    [InlineData("a", new[] { "", "" }, "?a=&a=")]
    [InlineData("a", new[] { "b c" }, "?a=b+c")]
    [InlineData("a", new[] { "b+c" }, "?a=b%2Bc")]
    [InlineData("a", new[] { "b&c=d" }, "?a=b%26c%3Dd")]
    [InlineData("a", new[] { "1,2", "3" }, "?a=1%2C2&a=3")]
    [InlineData("a[]", new[] { "1" }, "?a%5B%5D=1")]
    [InlineData("a&b", new[] { "1" }, "?a%26b=1")]
    [InlineData("café", new[] { "日" }, "?caf%C3%A9=%E6%97%A5")]
    [InlineData("q", new[] { "100%" }, "?q=100%25")]
    [InlineData("q", new[] { "%2F" }, "?q=%252F")]
    public async Task The_decoded_query_of_a_rest_api_is_encoded_again(string name, string[] values, string query)
    {
        var parameters = new JsonObject { [name] = new JsonArray([.. values.Select(value => (JsonNode)value)]) };
        var seen = await Mirror.SeeAsync(RestApi("/", "/", "/dev/", null, parameters), LambdaEventSource.RestApi);
        Assert.Equal(query, seen["querystring"]);
        Assert.Equal(string.Join('|', values), seen[$"query {name}"]);
    }

    [Theory]
    [InlineData("a", "b%20c", "?a=b%20c", "b c")]
    [InlineData("a", "b+c", "?a=b+c", "b c")]
    [InlineData("a", "b%2Bc", "?a=b%2Bc", "b+c")]
    [InlineData("a", "", "?a=", "")]
    [InlineData("a", "%E6%97%A5", "?a=%E6%97%A5", "日")]
    [InlineData("a", "1%262", "?a=1%262", "1&2")]
    [InlineData("a%5B%5D", "1", "?a%5B%5D=1", "1")]
    public async Task The_query_of_a_load_balancer_is_still_encoded(string name, string value, string query, string decoded)
    {
        var single = await Mirror.SeeAsync(LoadBalancer("/", new JsonObject { [name] = value }), LambdaEventSource.ApplicationLoadBalancer);
        Assert.Equal((query, decoded), (single["querystring"], single[$"query {Uri.UnescapeDataString(name)}"]));

        var multi = await Mirror.SeeAsync(
            LoadBalancer("/", null, new JsonObject { [name] = new JsonArray(value, value) }), LambdaEventSource.ApplicationLoadBalancer);
        Assert.Equal(($"{query}&{query[1..]}", $"{decoded}|{decoded}"), (multi["querystring"], multi[$"query {Uri.UnescapeDataString(name)}"]));
    }

    [Theory]
    // A stage; nothing before the path; a custom domain's base path; a greedy resource below a fixed part.
    [InlineData("/{proxy+}", "/my/path", "/dev/my/path", "my/path", "/dev", "/my/path")]
    [InlineData("/{proxy+}", "/my/path", "/my/path", "my/path", "", "/my/path")]
    [InlineData("/{proxy+}", "/school/my/path", "/school/my/path", "my/path", "/school", "/my/path")]
    [InlineData("/students/{proxy+}", "/students/1", "/dev/students/1", "1", "/dev", "/students/1")]
    [InlineData("/students", "/students", "/dev/students", null, "/dev", "/students")]
    [InlineData("/", "/", "/dev", null, "/dev", "/")]
    [InlineData("/{proxy+}", "/my/", "/dev/my/", "my", "/dev", "/my/")]
    [InlineData("/{proxy+}", "/a%20b", "/dev/a b", "a b", "/dev", "/a b")]
    [InlineData("/{proxy+}", "/my/path", null, "my/path", "", "/my/path")]
    [InlineData("/{proxy+}", "/elsewhere", "/dev/different", "elsewhere", "", "/elsewhere")]
    public async Task What_a_rest_api_has_before_the_path_is_its_base(string resource, string raw, string? contextPath, string? proxy, string pathBase, string path)
    {
        var seen = await Mirror.SeeAsync(RestApi(resource, raw, contextPath, proxy, null), LambdaEventSource.RestApi);
        Assert.Equal((pathBase, path), (seen["base"], seen["path"]));
        Assert.Equal(raw, seen["target"]);
    }

    [Fact]
    public async Task All_parameters_of_a_greedy_resource_are_filled_in_once()
    {
        var json = Sample.Parse("RestApi.json");
        json["resource"] = "/schools/{school}/{proxy+}";
        json["path"] = "/base/schools/{proxy}/a/b";
        json["requestContext"]!["path"] = "/base/schools/{proxy}/a/b";
        json["pathParameters"] = new JsonObject { ["school"] = "{proxy}", ["proxy"] = "a/b" };
        var seen = await Mirror.SeeAsync(json.ToJsonString(), LambdaEventSource.RestApi);
        Assert.Equal(("/base", "/schools/{proxy}/a/b"), (seen["base"], seen["path"]));
    }

    private static string RestApi(string resource, string path, string? contextPath, string? proxy, JsonObject? query)
    {
        var json = Sample.Parse("RestApi.json");
        json["resource"] = resource;
        json["path"] = path;
        json["requestContext"]!["path"] = contextPath;
        json["pathParameters"] = proxy is null ? null : new JsonObject { ["proxy"] = proxy };
        json["queryStringParameters"] = null;
        json["multiValueQueryStringParameters"] = query;
        return json.ToJsonString();
    }

    private static string LoadBalancer(string path, JsonObject? query, JsonObject? multiValueQuery = null)
    {
        var json = Sample.Parse("LoadBalancer.json");
        json["path"] = path;
        json.Remove("queryStringParameters");
        if (query is not null)
        {
            json["queryStringParameters"] = query;
        }

        if (multiValueQuery is not null)
        {
            json["multiValueQueryStringParameters"] = multiValueQuery;
            json["multiValueHeaders"] = new JsonObject([.. json["headers"]!.AsObject().Select(header => new KeyValuePair<string, JsonNode?>(header.Key, new JsonArray(header.Value!.DeepClone())))]);
            json.Remove("headers");
        }

        return json.ToJsonString();
    }
}
