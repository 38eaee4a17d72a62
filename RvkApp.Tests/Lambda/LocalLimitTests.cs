using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using RvkApp.AppHost;
using RvkApp.AppHost.Topology;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Lambda;

/// <summary>The numbers of the deployment (section <c>Aws</c>) hold on this machine as well.</summary>
public sealed class LocalLimitTests
{
    [Fact]
    public async Task The_gateway_lets_through_as_many_requests_as_in_the_cloud()
    {
        const int Limit = 50;
        using var volumes = new TemporaryDirectory();
        await using var school = await SchoolApp.StartAsync(
            new SchoolAppOptions { ApiHost = ApiHost.Lambda, VolumesPath = volumes.Path, Arguments = [$"--Aws:ThrottleRate={Limit}", $"--Aws:ThrottleBurst={Limit}"] },
            TestContext.Current.CancellationToken);
        using var client = school.CreateClient(Role.Anonymous);

        // More than the limit lets through in five seconds, all at once.
        var answers = await Task.WhenAll(Enumerable.Range(0, 7 * Limit).Select(_ => client.GetAnswerAsync("/alive")));

        Assert.Contains(answers, answer => answer.Status == 200);
        Assert.Contains(answers, answer => answer.Status == 429);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal("""{"message":"Too Many Requests"}""", answer.ShouldBe(429).Text));
    }

    [Fact]
    public void What_is_set_for_the_emulators_themselves_wins()
    {
        var builder = DistributedApplication.CreateBuilder(["--Embedded:Lambda:Timeout=00:00:05", "--Embedded:ApiGateway:Throttling:RateLimit=7", "--Aws:LambdaConcurrency=3", "--Aws:CorsOrigins=https://a.example,https://b.example"]);

        LocalCloud.Configure(builder, new AppHostSettings
        {
            AdminEmail = SchoolApp.AdminEmail,
            ApiHost = ApiHost.Lambda,
            Cloud = TopologyOptions.Read(builder.Configuration),
            Ports = new PortSettings(null, null, null, null),
            SeedDemo = false,
        });

        Assert.Equal("00:00:05", builder.Configuration["Embedded:Lambda:Timeout"]);
        Assert.Equal("7", builder.Configuration["Embedded:ApiGateway:Throttling:RateLimit"]);
        Assert.Equal("3", builder.Configuration["Embedded:Lambda:Concurrency"]);
        Assert.Equal("512", builder.Configuration["Embedded:Lambda:MemorySize"]);
        Assert.Equal("200", builder.Configuration["Embedded:ApiGateway:Throttling:BurstLimit"]);
        Assert.Equal(["https://a.example", "https://b.example"], builder.Configuration.GetSection("Embedded:ApiGateway:Cors:AllowOrigins").GetChildren().Select(origin => origin.Value));
        Assert.Null(builder.Configuration["Embedded:Lambda:Package"]);
    }
}
