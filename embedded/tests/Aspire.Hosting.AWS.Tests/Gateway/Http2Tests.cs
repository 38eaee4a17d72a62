using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aspire.Hosting.AWS.Lambda;
using Aspire.Hosting.Testing;
using Aspire.Hosting.Tests.Processes;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>The HTTPS endpoint.</summary>
public sealed class Http2Tests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _thumbprint;

    public Http2Tests()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllBytes(_directory.Combine("localhost.pfx"), certificate.Export(X509ContentType.Pfx, "password"));
        _thumbprint = certificate.Thumbprint;
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("1.1", "HTTP/1.1")]
    [InlineData("2.0", "HTTP/2.0")]
    public async Task Clients_choose_the_protocol(string version, string protocol)
    {
        await using var api = await StartAsync();
        using var client = CreateClient(api, Version.Parse(version));

        using var response = await client.GetAsync("/a%2Fb?x=1", TestDeadline.Token());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Version.Parse(version), response.Version);
        Assert.Equal(protocol, (string?)api.Functions.Event["requestContext"]!["http"]!["protocol"]);
        Assert.Equal("localhost", (string?)api.Functions.Event["requestContext"]!["domainName"]);
        Assert.Equal("https", (string?)api.Functions.Event["headers"]!["x-forwarded-proto"]);
        Assert.Equal("/a/b", (string?)api.Functions.Event["rawPath"]);
        Assert.DoesNotContain(api.Functions.Event["headers"]!.AsObject(), header => header.Key.StartsWith(':'));
    }

    [Fact]
    public async Task A_hundred_streams_at_once_get_their_own_answers()
    {
        await using var api = await StartAsync(new TestFunctions { Answer = async (i, _) => { await Task.Yield(); return TestFunctions.Returns($$$"""{"statusCode":200,"body":"{{{(string?)i.Event["body"]}}}","cookies":["a=1","b=2"]}"""); } });
        using var client = CreateClient(api, HttpVersion.Version20);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            using var response = await client.PostAsync($"/{i}", new StringContent($"body {i}"), TestDeadline.Token());
            Assert.Equal(["a=1", "b=2"], response.Headers.GetValues("Set-Cookie"));
            return await response.Content.ReadAsStringAsync(TestDeadline.Token());
        }));

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"body {i}"), answers);
    }

    [Fact]
    public async Task Cookies_of_several_header_fields_are_told_apart()
    {
        await using var api = await StartAsync();
        using var client = CreateClient(api, HttpVersion.Version20);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", ["a=1", "b=2; c=3"]);

        using var response = await client.SendAsync(request, TestDeadline.Token());

        Assert.Equal(["a=1", "b=2", "c=3"], api.Functions.Event["cookies"]!.AsArray().Select(c => (string?)c));
    }

    [Fact]
    public async Task Without_a_certificate_the_API_does_not_start_and_says_what_to_do()
    {
        Assert.SkipWhen(AWS.Lambda.Gateway.DeveloperCertificate.Exists(), "There is a developer certificate on this machine, which the API would use.");

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => TestApi.StartAsync(options: new APIGatewayEmulatorOptions { DisableHttpsEndpoint = false }));

        Assert.Contains("dotnet dev-certs https", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_developer_certificate_there_is_no_HTTPS_endpoint()
        => Assert.Equal(!AWS.Lambda.Gateway.DeveloperCertificate.Exists(), new APIGatewayEmulatorOptions().DisableHttpsEndpoint);

    private Task<TestApi> StartAsync(TestFunctions? functions = null) => TestApi.StartAsync(
        functions,
        new() { ["Kestrel:Certificates:Default:Path"] = _directory.Combine("localhost.pfx"), ["Kestrel:Certificates:Default:Password"] = "password", ["Kestrel:Endpoints:Foreign:Url"] = "http://localhost:1" },
        new APIGatewayEmulatorOptions { DisableHttpsEndpoint = false });

    private HttpClient CreateClient(TestApi api, Version version) => new(new SocketsHttpHandler
    {
        UseCookies = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2 given && given.Thumbprint == _thumbprint },
    })
    {
        BaseAddress = api.Application.GetEndpoint("gateway", "https"),
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TestDeadline.Time,
    };
}
