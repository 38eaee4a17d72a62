using System.Text.Json.Nodes;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests;

/// <summary>
/// Users that API Gateway knows: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html,
/// http-api-lambda-authorizer.html and http-api-access-control-iam.html (v2); apigateway-integrate-with-cognito.html and apigateway-use-lambda-authorizer.html (v1).
/// </summary>
public sealed class AuthorizerTests
{
    [Theory]
    [InlineData("""{"jwt":{"claims":{"sub":"ada","email":"ada@school.example"},"scopes":null}}""", "sub=ada|email=ada@school.example")]
    [InlineData("""{"jwt":{"claims":{"sub":"ada"},"scopes":["read","write"]}}""", "sub=ada|scope=read|scope=write")]
    [InlineData("""{"jwt":{"claims":{"sub":"ada","scope":"read"},"scopes":["read"]}}""", "sub=ada|scope=read")]
    [InlineData("""{"jwt":{"scopes":["read"],"claims":{"sub":"ada"}}}""", "sub=ada|scope=read")]
    [InlineData("""{"jwt":{"claims":{"exp":1795507200,"cognito:groups":"[admin staff]"},"scopes":null}}""", "exp=1795507200|cognito:groups=[admin staff]")]
    [InlineData("""{"lambda":{"user":"ada","level":3,"isAdmin":true,"roles":["a","b"],"nothing":null}}""", "user=ada|level=3|isAdmin=true|roles=[\"a\",\"b\"]")]
    [InlineData("""{"iam":{"accessKey":"ARIA2ZJZYVUEREEIHAKY","accountId":"1234567890","callerId":"AROA7ZJZYVRE7C3DUXHH6:CognitoIdentityCredentials","cognitoIdentity":{"amr":["foo"],"identityId":"us-east-1:3f29","identityPoolId":"us-east-1:4f29"},"principalOrgId":null,"userArn":"arn:aws:iam::1234567890:user/Admin","userId":"AROA"}}""",
        "accessKey=ARIA2ZJZYVUEREEIHAKY|accountId=1234567890|callerId=AROA7ZJZYVRE7C3DUXHH6:CognitoIdentityCredentials|amr=foo|identityId=us-east-1:3f29|identityPoolId=us-east-1:4f29|userArn=arn:aws:iam::1234567890:user/Admin|userId=AROA")]
    public async Task An_authorizer_of_an_http_api_makes_the_user(string authorizer, string claims)
    {
        var seen = await Mirror.SeeAsync(new HttpApiEvent("GET", "/") { Authorizer = JsonNode.Parse(authorizer)!.AsObject() }.ToString());
        Assert.Equal((claims, "yes"), (seen["claims"], seen["authenticated"]));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"jwt":null}""")]
    [InlineData("""{"jwt":{"claims":null,"scopes":null}}""")]
    [InlineData("""{"lambda":{}}""")]
    [InlineData("""{"iam":null,"lambda":null}""")]
    [InlineData("""{"unknown":{"sub":"ada"}}""")]
    public async Task An_authorizer_of_an_http_api_that_tells_nothing_makes_none(string authorizer)
    {
        var seen = await Mirror.SeeAsync(new HttpApiEvent("GET", "/") { Authorizer = JsonNode.Parse(authorizer)!.AsObject() }.ToString());
        Assert.Equal(("", "no"), (seen["claims"], seen["authenticated"]));
    }

    [Theory]
    [InlineData("""{"claims":{"sub":"ada","cognito:username":"ada","email_verified":"true"}}""", "sub=ada|cognito:username=ada|email_verified=true", "yes")]
    [InlineData("""{"claims":{"sub":"ada"},"integrationLatency":3}""", "sub=ada", "yes")]
    [InlineData("""{"principalId":"user|a1b2c3d4","stringKey":"value","numberKey":1,"booleanKey":true,"integrationLatency":12,"nothing":null}""",
        "principalId=user|a1b2c3d4|stringKey=value|numberKey=1|booleanKey=true|integrationLatency=12", "yes")]
    [InlineData("""{"claims":null,"scopes":null}""", "", "no")]
    [InlineData("""{"claims":{},"principalId":"ada"}""", "principalId=ada", "yes")]
    [InlineData("""{}""", "", "no")]
    [InlineData("null", "", "no")]
    public async Task An_authorizer_of_a_rest_api_makes_the_user(string authorizer, string claims, string authenticated)
    {
        var json = Sample.Parse("RestApi.json");
        json["requestContext"]!["authorizer"] = JsonNode.Parse(authorizer);
        var seen = await Mirror.SeeAsync(json.ToJsonString(), LambdaEventSource.RestApi);
        Assert.Equal((claims, authenticated), (seen["claims"], seen["authenticated"]));
    }

    [Fact]
    public async Task A_user_ends_with_the_invocation()
    {
        await using var function = await HostedFunction.StartAsync(Mirror.Map);
        var authorizer = JsonNode.Parse("""{"jwt":{"claims":{"sub":"ada"},"scopes":null}}""")!.AsObject();
        Assert.Contains("\"authenticated\":\"yes\"", (await function.InvokeAsync(new HttpApiEvent("GET", "/") { Authorizer = authorizer })).Body, StringComparison.Ordinal);
        Assert.Contains("\"authenticated\":\"no\"", (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Body, StringComparison.Ordinal);
    }
}
