using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Aspire.Hosting.AWS.Lambda;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>What a request becomes: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html.</summary>
public sealed class RequestEventTests
{
    // Path as it is sent, rawPath, the greedy variable.
    [Theory]
    [InlineData("/", "/", "")]
    [InlineData("/a", "/a", "a")]
    [InlineData("/a/", "/a/", "a/")]
    [InlineData("/a/b/c", "/a/b/c", "a/b/c")]
    [InlineData("//a", "//a", "/a")]
    [InlineData("/a%2Fb/c", "/a/b/c", "a/b/c")]
    [InlineData("/a%2fb", "/a/b", "a/b")]
    [InlineData("/a%20b", "/a b", "a b")]
    [InlineData("/a+b", "/a+b", "a+b")]
    [InlineData("/a%2Bb", "/a+b", "a+b")]
    [InlineData("/100%25", "/100%", "100%")]
    [InlineData("/%2541", "/%41", "%41")]
    [InlineData("/a%3Fb%23c", "/a?b#c", "a?b#c")]
    [InlineData("/%E2%98%95%20Coffee", "/☕ Coffee", "☕ Coffee")]
    [InlineData("/%F0%9F%98%8A", "/😊", "😊")]
    [InlineData("/a%22b%5Cc", "/a\"b\\c", "a\"b\\c")]
    [InlineData("/a/../b/./c", "/a/../b/./c", "a/../b/./c")]
    [InlineData("/a;v=1,2", "/a;v=1,2", "a;v=1,2")]
    public async Task A_path_is_decoded(string sent, string rawPath, string proxy)
    {
        await using var api = await TestApi.StartAsync();

        var response = await api.SendRawAsync("GET", sent);

        Assert.Equal(200, response.Status);
        Assert.Equal(rawPath, (string?)api.Functions.Event["rawPath"]);
        Assert.Equal(rawPath, (string?)api.Functions.Event["requestContext"]!["http"]!["path"]);
        Assert.Equal(proxy, (string?)api.Functions.Event["pathParameters"]!["proxy"]);
    }
}
