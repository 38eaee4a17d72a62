using System.Text;
using Aspire.Hosting.AWS.Lambda.Service;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.AWS.Tests.Lambda;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html</summary>
public class LambdaSettingsTests
{
    [Fact]
    public void The_defaults_are_the_quotas_of_the_cloud()
    {
        var settings = Read();

        Assert.Equal((30, 10, 512, 1000), (settings.Timeout.TotalSeconds, settings.InitTimeout.TotalSeconds, settings.MemorySize, settings.Concurrency));
        Assert.Equal((6_291_456, 6_291_556, 1_048_576), (settings.MaxRequestBytes, settings.MaxResponseBytes, settings.MaxEventBytes));
        Assert.Equal((2, 60, 6), (settings.EventRetries, settings.EventRetryDelay.TotalSeconds, settings.MaxEventAge.TotalHours));
    }

    [Fact]
    public void What_is_set_for_a_function_is_stronger_than_what_is_set_for_all()
    {
        var settings = Read(("Embedded:Lambda:Timeout", "00:00:05"), ("Embedded:Lambda:MemorySize", "1024"), ("Embedded:Lambda:Functions:api:Timeout", "00:00:07"), ("Embedded:Lambda:Functions:other:MemorySize", "256"));

        Assert.Equal((7, 1024), (settings.Timeout.TotalSeconds, settings.MemorySize));
    }

    [Theory]
    [InlineData("Embedded:Lambda:Timeout", "00:16:00", "Embedded:Lambda:Timeout is 00:16:00: use 00:00:00.1000000 to 00:15:00")]
    [InlineData("Embedded:Lambda:Functions:api:Timeout", "00:00:00", "Embedded:Lambda:Functions:api:Timeout is 00:00:00: use")]
    [InlineData("Embedded:Lambda:MemorySize", "127", "Embedded:Lambda:MemorySize is 127: use 128 to 10240.")]
    [InlineData("Embedded:Lambda:MemorySize", "10241", "Embedded:Lambda:MemorySize is 10241: use 128 to 10240.")]
    [InlineData("Embedded:Lambda:Concurrency", "0", "Embedded:Lambda:Concurrency is 0: use 1 to")]
    [InlineData("Embedded:Lambda:MaxEnvironments", "0", "Embedded:Lambda:MaxEnvironments is 0: use 1 to 1000.")]
    [InlineData("Embedded:Lambda:Prewarmed", "11", "Embedded:Lambda:Prewarmed is 11: use 0 to 10.")]
    [InlineData("Embedded:Lambda:EventRetries", "3", "Embedded:Lambda:EventRetries is 3: use 0 to 2.")]
    [InlineData("Embedded:Lambda:Package", "zip", "Embedded:Lambda:Package")]
    public void A_wrong_value_is_named_with_its_range(string key, string value, string message)
        => Assert.Contains(message, Assert.Throws<DistributedApplicationException>(() => Read((key, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void The_tail_of_a_log_is_its_last_4_KB()
    {
        var tail = new LogTail();
        for (var number = 0; number < 1000; number++)
        {
            tail.Add($"line {number}");
        }

        var text = Encoding.UTF8.GetString(Convert.FromBase64String(tail.ToBase64()));
        Assert.Equal(4096, text.Length);
        Assert.EndsWith("line 998\nline 999\n", text, StringComparison.Ordinal);
    }

    private static LambdaSettings Read(params (string Key, string Value)[] values)
        => LambdaSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(v => v.Key, v => (string?)v.Value)).Build(), "api");
}
