using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using RvkApp.AppHost.Topology;

namespace RvkApp.Tests.Topology;

/// <summary>Section <c>Aws</c>.</summary>
public class TopologyOptionsTests
{
    [Fact]
    public void Nothing_set_is_what_is_specified()
    {
        var options = Read([]);

        Assert.Equal("us-east-2", options.Region);
        Assert.True(options.AllowHttpEgress);
        Assert.Equal(new FargateSize(256, 512), options.MongoSize);
        Assert.Equal(new TopologyOptions() with { CorsOrigins = options.CorsOrigins }, options);
        Assert.Empty(options.CorsOrigins);
    }

    [Theory]
    [InlineData("Region", "ohio", "us-east-2")]
    [InlineData("Region", "us-east-2a", "us-east-2")]
    [InlineData("AllowHttpEgress", "maybe", "true or false")]
    [InlineData("Environment", "a b", "letters, digits")]
    [InlineData("MongoImage", "mongo", "a tag other than latest")]
    [InlineData("MongoImage", "mongo:latest", "a tag other than latest")]
    [InlineData("MongoImage", "registry.example:5000/mongo", "a tag other than latest")]
    [InlineData("MongoImage", "mongo@sha256:abc", "a sha256 digest")]
    [InlineData("MongoCpu", "300", "256, 512, 1024, 2048, 4096, 8192 or 16384")]
    [InlineData("MongoMemory", "4096", "512, 1024 or 2048")]
    [InlineData("MongoMemory", "-1", "512, 1024 or 2048")]
    [InlineData("LambdaMemory", "64", "from 128 to 10240")]
    [InlineData("LambdaTimeout", "31", "from 1 to 30")]
    [InlineData("LambdaTimeout", "ten", "from 1 to 30")]
    [InlineData("LambdaConcurrency", "0", "from 1 to 900")]
    [InlineData("LogRetention", "31", "30, 60")]
    [InlineData("ThrottleRate", "0", "from 1 to 10000")]
    [InlineData("ThrottleBurst", "9999", "from 1 to 5000")]
    [InlineData("CorsOrigins", "*", "scheme, host and port")]
    [InlineData("CorsOrigins", "https://a.example, https://b.example/path", "scheme, host and port")]
    [InlineData("FirstAdmin", "yes", "true or false")]
    [InlineData("AlarmEmail", "nobody", "one email address")]
    public void A_wrong_value_is_one_sentence_that_names_it(string name, string value, string allowed)
    {
        var error = Assert.Throws<DistributedApplicationException>(() => Read(new() { [$"Aws:{name}"] = value }));

        Assert.Contains($"The setting Aws:{name} is '{value.Split(", ")[^1]}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mongo:8.0.13")]
    [InlineData("registry.example:5000/library/mongo:8")]
    [InlineData("123456789012.dkr.ecr.us-east-2.amazonaws.com/mongo:8.0.13")]
    [InlineData("mongo@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void An_image_is_pinned_by_tag_or_digest(string image) => Assert.Equal(image, Read(new() { ["Aws:MongoImage"] = image }).MongoImage);

    [Theory]
    [InlineData(256, 512, 0.25)]
    [InlineData(256, 2048, 0.5)]
    [InlineData(1024, 4096, 1.5)]
    [InlineData(16384, 122880, 59.5)]
    public void A_size_that_fargate_offers_is_taken_and_sets_the_cache(int cpu, int memory, double cacheGiB)
    {
        var size = Read(new() { ["Aws:MongoCpu"] = $"{cpu}", ["Aws:MongoMemory"] = $"{memory}" }).MongoSize;

        Assert.Equal(new FargateSize(cpu, memory), size);
        Assert.Equal(cacheGiB, size.CacheGiB);
    }

    [Fact]
    public void Memory_alone_follows_the_cpu() => Assert.Equal(new FargateSize(2048, 4096), Read(new() { ["Aws:MongoCpu"] = "2048" }).MongoSize);

    [Fact]
    public void Origins_come_as_a_list_or_as_one_text()
    {
        string[] origins = ["https://a.example", "http://localhost:3000"];

        Assert.Equal(origins, Read(new() { ["Aws:CorsOrigins"] = "https://a.example, http://localhost:3000" }).CorsOrigins);
        Assert.Equal(origins, Read(new() { ["Aws:CorsOrigins:0"] = origins[0], ["Aws:CorsOrigins:1"] = origins[1] }).CorsOrigins);
    }

    private static TopologyOptions Read(Dictionary<string, string?> settings) => TopologyOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
}
