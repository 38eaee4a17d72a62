using Aspire.Hosting.AWS.Lambda;
using Aspire.Hosting.AWS.Lambda.Gateway;

namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>Which route takes a request: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html.</summary>
public sealed class RouteTests
{
    private static readonly (Method, string, string)[] Routes =
    [
        (Method.Any, "$default", "default"),
        (Method.Any, "/{proxy+}", "any-proxy"),
        (Method.Get, "/pets/{proxy+}", "pets-proxy"),
        (Method.Get, "/pets/dog/{id}", "dog-id"),
        (Method.Get, "/pets/dog/1", "dog-1"),
        (Method.Post, "/pets/dog/2", "post-dog-2"),
        (Method.Any, "/pets/dog/3", "any-dog-3"),
        (Method.Put, "/pets/dog/3", "put-dog-3"),
        (Method.Get, "/{kind}/dog/9", "kind-dog-9"),
        (Method.Get, "/pets/{name}/toys/{toy}", "toys"),
        (Method.Options, "/pets", "options"),
        (Method.Head, "/pets", "head"),
        (Method.Delete, "/Case/~x.y-z_1", "case"),
    ];

    // The table of the developer guide, then what follows from its rules.
    [Theory]
    [InlineData("GET", "/pets/dog/1", "dog-1", "GET /pets/dog/1", null)]
    [InlineData("GET", "/pets/dog/2", "dog-id", "GET /pets/dog/{id}", "id=2")]
    [InlineData("GET", "/pets/cat/1", "pets-proxy", "GET /pets/{proxy+}", "proxy=cat/1")]
    [InlineData("POST", "/test/5", "any-proxy", "ANY /{proxy+}", "proxy=test/5")]
    [InlineData("GET", "/pets/dog/3", "any-dog-3", "ANY /pets/dog/3", null)]
    [InlineData("PUT", "/pets/dog/3", "put-dog-3", "PUT /pets/dog/3", null)]
    [InlineData("GET", "/pets/dog/9", "dog-id", "GET /pets/dog/{id}", "id=9")]
    [InlineData("GET", "/cars/dog/9", "kind-dog-9", "GET /{kind}/dog/9", "kind=cars")]
    [InlineData("GET", "/pets/rex/toys/ball", "toys", "GET /pets/{name}/toys/{toy}", "name=rex;toy=ball")]
    [InlineData("GET", "/pets/re%2Fx/toys/a%20b", "toys", "GET /pets/{name}/toys/{toy}", "name=re/x;toy=a b")]
    [InlineData("GET", "/p%65ts/dog/1", "dog-1", "GET /pets/dog/1", null)]
    [InlineData("GET", "/pets/", "pets-proxy", "GET /pets/{proxy+}", "proxy=")]
    [InlineData("GET", "/pets", "any-proxy", "ANY /{proxy+}", "proxy=pets")]
    [InlineData("GET", "/pets/dog/1/", "pets-proxy", "GET /pets/{proxy+}", "proxy=dog/1/")]
    [InlineData("GET", "/pets/dog/", "pets-proxy", "GET /pets/{proxy+}", "proxy=dog/")]
    [InlineData("HEAD", "/pets", "head", "HEAD /pets", null)]
    [InlineData("OPTIONS", "/pets", "options", "OPTIONS /pets", null)]
    [InlineData("DELETE", "/Case/~x.y-z_1", "case", "DELETE /Case/~x.y-z_1", null)]
    [InlineData("DELETE", "/case/~x.y-z_1", "any-proxy", "ANY /{proxy+}", "proxy=case/~x.y-z_1")]
    [InlineData("PATCH", "/", "any-proxy", "ANY /{proxy+}", "proxy=")]
    public async Task The_most_specific_route_takes_a_request(string method, string path, string function, string key, string? parameters)
    {
        await using var api = await TestApi.StartAsync(routes: Routes);

        var response = await api.SendRawAsync(method, path);

        Assert.Equal(200, response.Status);
        var invocation = Assert.Single(api.Functions.Invocations);
        Assert.Equal(function, invocation.Function);
        Assert.Equal(key, (string?)invocation.Event["routeKey"]);
        Assert.Equal(parameters, invocation.Event["pathParameters"]?.AsObject() is { } given ? string.Join(';', given.Select(p => $"{p.Key}={(string?)p.Value}")) : null);
    }

    [Fact]
    public async Task The_default_route_takes_what_no_other_takes()
    {
        await using var api = await TestApi.StartAsync(routes: [(Method.Get, "/pets", "pets"), (Method.Any, "$default", "default")]);

        await api.SendRawAsync("GET", "/pets");
        await api.SendRawAsync("POST", "/pets");
        await api.SendRawAsync("GET", "/a/b");

        Assert.Equal(["pets", "default", "default"], api.Functions.Invocations.Select(i => i.Function));
        Assert.Equal("$default", (string?)api.Functions.Invocations[1].Event["routeKey"]);
        Assert.False(api.Functions.Invocations[1].Event.AsObject().ContainsKey("pathParameters"));
    }

    [Theory]
    [InlineData("GET", "/nothing")]
    [InlineData("POST", "/pets")]
    [InlineData("GET", "/pets/")]
    [InlineData("GET", "/")]
    [InlineData("TRACE", "/pets")]
    [InlineData("PROPFIND", "/pets")]
    public async Task What_no_route_takes_is_not_found(string method, string path)
    {
        await using var api = await TestApi.StartAsync(routes: (Method.Get, "/pets", "pets"));

        var response = await api.SendRawAsync(method, path);

        Assert.Equal(404, response.Status);
        Assert.Equal("""{"message":"Not Found"}""", response.Text);
        Assert.Equal(["application/json"], response.Header("Content-Type"));
        Assert.Single(response.Header("Apigw-Requestid"));
        Assert.Empty(api.Functions.Invocations);
    }

    [Fact]
    public async Task Functions_may_have_several_routes()
    {
        await using var api = await TestApi.StartAsync(routes: [(Method.Get, "/a", "fn"), (Method.Post, "/a", "fn"), (Method.Get, "/b", "other")]);

        await api.SendRawAsync("GET", "/a");
        await api.SendRawAsync("POST", "/a");
        await api.SendRawAsync("GET", "/b");

        Assert.Equal(["GET /a", "POST /a", "GET /b"], api.Functions.Invocations.Select(i => (string?)i.Event["routeKey"]));
        Assert.Equal(["fn", "fn", "other"], api.Functions.Invocations.Select(i => i.Function));
    }

    [Theory]
    [InlineData("", "does not start with '/'")]
    [InlineData("pets", "does not start with '/'")]
    [InlineData("/pets/", "ends with '/'")]
    [InlineData("/pets//dog", "empty segment")]
    [InlineData("/{proxy+}/x", "not the last segment")]
    [InlineData("/pets/{id", "not a whole variable")]
    [InlineData("/pets/{id}x", "not a whole variable")]
    [InlineData("/pets/x{id}", "characters")]
    [InlineData("/pets/{}", "no name")]
    [InlineData("/pets/{+}", "no name")]
    [InlineData("/pets/{a b}", "no name")]
    [InlineData("/{id}/{id}", "twice")]
    [InlineData("/a?b", "characters")]
    [InlineData("/a%20b", "percent-encoded")]
    [InlineData("/é", "characters")]
    public void A_malformed_path_is_an_error_that_says_why(string path, string why)
    {
        var exception = Assert.Throws<ArgumentException>(() => GatewayRoute.Create(Method.Get, path, "fn"));

        Assert.Contains($"'{path}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains(why, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_route_is_for_every_method()
        => Assert.Contains("Method.Any", Assert.Throws<ArgumentException>(() => GatewayRoute.Create(Method.Get, "$default", "fn")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(Method.Get, "/a/{x}", Method.Get, "/a/{y}", true)]
    [InlineData(Method.Get, "/a/{x}", Method.Get, "/a/{x+}", false)]
    [InlineData(Method.Get, "/a", Method.Any, "/a", false)]
    [InlineData(Method.Any, "/", Method.Any, "/{proxy+}", false)]
    [InlineData(Method.Any, "$default", Method.Any, "$default", true)]
    [InlineData(Method.Any, "/a", Method.Any, "/A", false)]
    public void Routes_are_the_same_when_they_take_the_same_requests(Method method, string path, Method otherMethod, string otherPath, bool same)
        => Assert.Equal(same, GatewayRoute.Create(method, path, "a").IsSameAs(GatewayRoute.Create(otherMethod, otherPath, "b")));
}
