using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests.Orchestration;

/// <summary>A script stands in for the container runtime: what is tested is what it is asked to do.</summary>
public class ContainerRunTests
{
    [Fact]
    public async Task A_container_is_run_in_the_foreground_with_everything_the_model_says()
    {
        await using var host = WithRuntime("""
            trap 'echo stopping; exit 0' TERM
            echo "$@"; echo "KEY is $KEY"
            while :; do sleep 0.05; done
            """);
        var cache = host.Builder.AddContainer("cache", "redis", "8")
            .WithImagePullPolicy(ImagePullPolicy.Missing)
            .WithHttpEndpoint(targetPort: 6379)
            .WithVolume("data", "/data")
            .WithVolume("/scratch")
            .WithBindMount("files", "/files", isReadOnly: true)
            .WithEnvironment("KEY", host.Builder.AddParameter("key", "s3cret", secret: true))
            .WithContainerRuntimeArgs("--cpus", "1")
            .WithEntrypoint("redis-server")
            .WithContainerName("my-cache")
            .WithArgs("--save", "60");

        await host.StartAsync();
        await host.WaitForLineAsync("cache", "KEY is s3cret");
        await host.StopAsync();

        var port = cache.GetEndpoint("http").Port;
        Assert.Equal(
            "run --rm --name my-cache --add-host host.docker.internal:host-gateway --pull missing "
            + $"-p 127.0.0.1:{port}:6379 "
            + $"--mount type=volume,source=data,target=/data --mount type=volume,target=/scratch --mount type=bind,source={Path.GetFullPath("files", host.Builder.AppHostDirectory)},target=/files,readonly "
            + "-e KEY --cpus 1 --entrypoint redis-server redis:8 --save 60",
            host.OutputOf("cache")[0]);
        Assert.Contains("stopping", host.OutputOf("cache"));
        Assert.Equal(0, host.StateOf("cache").ExitCode);
    }

    [Fact]
    public async Task A_container_whose_client_had_to_be_killed_is_removed()
    {
        await using var host = WithRuntime("""
            echo "$1 $2 $3"
            if [ "$1" = rm ]; then exit 0; fi
            trap '' TERM
            echo up
            while :; do sleep 0.05; done
            """);
        host.Options.StopGracePeriod = TimeSpan.FromMilliseconds(100);
        host.Builder.AddContainer("cache", "redis").WithContainerName("my-cache");

        await host.StartAsync();
        await host.WaitForLineAsync("cache", "up");
        await host.StopAsync();

        Assert.Equal("rm --force my-cache", host.OutputOf("cache")[^1]);
    }

    [Theory]
    [InlineData("redis:8", "mirror.example/redis:8")]
    [InlineData("ghcr.io/a/b:1", "mirror.example/a/b:1")]
    public async Task A_registry_may_stand_in_for_every_other(string image, string expected)
    {
        await using var host = WithRuntime("""
            trap 'exit 0' TERM
            for last; do :; done; echo "$last"; echo up
            while :; do sleep 0.05; done
            """);
        host.Builder.Services.AddSingleton(new DistributedApplicationOptions { ContainerRegistryOverride = "mirror.example" });
        host.Builder.AddContainer("cache", image).WithLifetime(ContainerLifetime.Persistent);

        await host.StartAsync();
        await host.WaitForLineAsync("cache", "up");

        Assert.Equal(expected, host.OutputOf("cache")[0]);
        await host.WaitForLineAsync("cache", "A persistent lifetime is not implemented");
    }

    [Fact]
    public async Task Without_a_runtime_it_says_what_is_missing()
    {
        await using var host = new ActorHost(("DcpPublisher:ContainerRuntime", "no-such-runtime"));
        host.Builder.AddContainer("cache", "redis", "8");

        await host.StartAsync();

        Assert.Equal(KnownResourceStates.FailedToStart, host.StateOf("cache").State?.Text);
        var message = host.Outcome.ToException()!.Message;
        Assert.Contains("'cache' runs the container image 'redis:8'", message);
        Assert.Contains("no no-such-runtime on PATH", message);
    }

    private static ActorHost WithRuntime(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for the container runtime is a shell script.");
        var directory = Path.Combine(Path.GetTempPath(), $"runtime-{Guid.NewGuid():N}");
        var path = Path.Combine(directory, "runtime.sh");
        var host = new ActorHost(("DcpPublisher:ContainerRuntime", path));
        host.Owns(directory);
        Directory.CreateDirectory(directory);
        File.WriteAllText(path, $"#!/bin/sh\n{script.ReplaceLineEndings("\n")}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return host;
    }
}
