using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Processes;

/// <summary>A setting that cannot be used is one clear sentence and an exit code, and nothing is touched.</summary>
public class ConfigurationErrorTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("Ports:Api", "abc", "0 for any free one")]
    [InlineData("Ports:Api", "99999", "0 for any free one")]
    [InlineData("Ports:Api", "-1", "0 for any free one")]
    [InlineData("Ports:Mongo", "27017x", "0 for any free one")]
    [InlineData("ApiHost", "foo", "lambda or project")]
    [InlineData("Lambda:Package", "zip", "project, aot or ready-to-run")]
    [InlineData("Aws:LambdaTimeout", "31", "from 1 to 30")]
    [InlineData("Embedded:Mongo", "foo", "embedded, mongod or container")]
    [InlineData("Seed:Demo", "maybe", "true or false")]
    public async Task A_wrong_value_is_named_with_what_it_may_be(string key, string value, string allowed)
    {
        using var home = new TemporaryDirectory();
        await using var host = AppHostProcess.Start(home.Path, home["volumes"], [$"--{key}={value}"]);

        Assert.NotEqual(0, await host.WaitForExitAsync(Deadline));

        var sentence = OneSentence(host);
        Assert.Contains(key, sentence, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", sentence, StringComparison.Ordinal);
        Assert.Contains(allowed, sentence, StringComparison.Ordinal);
        Assert.False(Directory.Exists(home["volumes"]));
    }

    [Fact]
    public async Task An_api_port_that_is_taken_is_named_with_the_setting_that_moves_it()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var home = new TemporaryDirectory();
        await using var host = AppHostProcess.Start(home.Path, home["volumes"], [$"--Ports:Api={port}"]);

        Assert.NotEqual(0, await host.WaitForExitAsync(Deadline));

        var sentence = OneSentence(host);
        Assert.Contains($"Port {port}", sentence, StringComparison.Ordinal);
        Assert.Contains("Ports:Api", sentence, StringComparison.Ordinal);
        Assert.False(Directory.Exists(home["volumes"]));
    }

    private static string OneSentence(AppHostProcess host)
    {
        Assert.Empty(host.Output.Trim());
        var line = Assert.Single(host.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Matches(@"^[A-Z].*\.$", line);
        Assert.DoesNotMatch(new Regex("Exception|   at "), line);
        return line;
    }
}
