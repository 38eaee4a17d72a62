using Aspire.Hosting.AWS.Lambda.Gateway;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>The settings, section Embedded:ApiGateway.</summary>
public sealed class GatewayOptionsTests
{
    [Fact]
    public void The_defaults_are_the_quotas_of_API_Gateway()
    {
        var options = Read([]);

        Assert.Equal(TimeSpan.FromSeconds(30), options.IntegrationTimeout);
        Assert.Equal(10_485_760, options.MaxRequestBytes);
        Assert.Equal(10_240, options.MaxRequestHeaderBytes);
        Assert.Equal(10_000, options.Throttling.RateLimit);
        Assert.Equal(5_000, options.Throttling.BurstLimit);
        Assert.Empty(options.Cors.AllowOrigins);
        Assert.Equal("gateway", options.ApiId);
    }

    [Fact]
    public void Settings_of_one_API_are_over_those_of_all()
    {
        var options = Read(new()
        {
            ["IntegrationTimeout"] = "00:00:10",
            ["MaxConnections"] = "7",
            ["Cors:AllowOrigins:0"] = "https://all",
            ["Cors:AllowOrigins:1"] = "https://others",
            ["Cors:AllowHeaders:0"] = "x-all",
            ["Apis:gateway:IntegrationTimeout"] = "00:00:05",
            ["Apis:gateway:Cors:AllowOrigins:0"] = "https://mine",
            ["Apis:other:IntegrationTimeout"] = "00:00:01",
        });

        Assert.Equal(TimeSpan.FromSeconds(5), options.IntegrationTimeout);
        Assert.Equal(7, options.MaxConnections);
        Assert.Equal(["https://mine"], options.Cors.AllowOrigins);
        Assert.Equal(["x-all"], options.Cors.AllowHeaders);
    }

    [Theory]
    [InlineData("IntegrationTimeout", "00:00:31", "00:00:30")]
    [InlineData("IntegrationTimeout", "00:00:00.049", "00:00:00.050")]
    [InlineData("IntegrationTimeout", "soon", "IntegrationTimeout")]
    [InlineData("MaxRequestBytes", "10485761", "10,485,760")]
    [InlineData("MaxRequestBytes", "0", "from 1")]
    [InlineData("MaxRequestHeaderBytes", "10241", "10,240")]
    [InlineData("MaxConnections", "0", "from 1")]
    [InlineData("Throttling:RateLimit", "-1", "from 0")]
    [InlineData("Throttling:RateLimit", "NaN", "from 0")]
    [InlineData("Throttling:BurstLimit", "1000001", "1,000,000")]
    [InlineData("Throttling:Routes:GET /:RateLimit", "-1", "from 0")]
    [InlineData("Cors:AllowOrigins:0", "www.example.com", "origin")]
    [InlineData("Cors:AllowOrigins:0", "https://www.example.com/path", "origin")]
    [InlineData("Cors:AllowMethods:0", "GE T", "a name")]
    [InlineData("Cors:MaxAge", "86401", "86,400")]
    [InlineData("AccessLog:Format", "", "3,072")]
    [InlineData("AccessLog:MaxLinesPerSecond", "0", "from 1")]
    [InlineData("AccountId", "12345678901x", "12 digits")]
    [InlineData("ApiId", " ", "a name")]
    public void A_wrong_value_is_an_error_that_names_key_value_and_range(string key, string value, string expected)
    {
        var exception = Assert.Throws<DistributedApplicationException>(() => Read(new() { [key] = value }));

        Assert.Contains(key.Split(":0")[0], exception.Message, StringComparison.Ordinal);
        Assert.Contains(value, exception.Message, StringComparison.Ordinal);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_are_not_for_every_origin()
        => Assert.Contains("Cors:AllowCredentials", Assert.Throws<DistributedApplicationException>(() => Read(new() { ["Cors:AllowOrigins:0"] = "*", ["Cors:AllowCredentials"] = "true" })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_wrong_value_keeps_the_API_from_starting_and_is_said()
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => TestApi.StartAsync(settings: new() { ["Throttling:Routes:GET /nowhere:RateLimit"] = "1" }));

        Assert.Contains("GET /nowhere", exception.ToString(), StringComparison.Ordinal);
        Assert.Contains("'ANY /{proxy+}'", exception.ToString(), StringComparison.Ordinal);
    }

    private static ApiGatewayOptions Read(Dictionary<string, string?> values)
        => ApiGatewayOptions.From(new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create("Embedded:ApiGateway:" + v.Key, v.Value))).Build(), "gateway");
}
