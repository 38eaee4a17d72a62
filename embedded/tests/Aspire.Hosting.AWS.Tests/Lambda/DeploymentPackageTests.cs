using System.IO.Compression;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Deployment.Services;
using Aspire.Hosting.AWS.Lambda;
using Aspire.Hosting.AWS.Lambda.Service;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Tests.Processes;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.AWS.Tests.Lambda;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html: what is deployed is what runs.</summary>
public class DeploymentPackageTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_deployment_package_runs_in_its_own_directory_which_goes_with_the_function(bool hasBootstrap)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The bootstrap of this package is a shell script.");
        await using var host = new FunctionHost(("Package", "deployment"));
        host.Builder.Services.AddSingleton<ILambdaDeploymentPackager>(new Packager(hasBootstrap));
        await host.StartAsync();

        var root = (await host.DoAsync("env", "LAMBDA_TASK_ROOT")).Payload.Trim('"');
        Assert.True(System.IO.File.Exists(Path.Combine(root, "RuntimeFunction.dll")));
        Assert.Equal(hasBootstrap ? "\"yes\"" : "null", (await host.DoAsync("env", "BY_BOOTSTRAP")).Payload);
        await host.CommandAsync(KnownResourceCommands.StopCommand);

        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public async Task A_package_that_cannot_be_built_fails_the_start()
    {
        await using var host = new FunctionHost(("Package", "deployment"));
        host.Builder.Services.AddSingleton<ILambdaDeploymentPackager>(new NoPackager());

        await host.BeginAsync();
        await host.WaitForStateAsync(KnownResourceStates.FailedToStart);

        Assert.Contains("could not be built", host.State.FailureReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/tmp/outside-of-the-package")]
    [InlineData("a/../../outside")]
    public async Task A_file_that_would_land_outside_is_an_error(string name)
    {
        using var directory = new TemporaryDirectory();
        var package = directory.Combine("package.zip");
        await using (var zip = await ZipFile.OpenAsync(package, ZipArchiveMode.Create, TestDeadline.Token()))
        {
            zip.CreateEntry(name);
        }

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => DeploymentPackage.UnpackAsync(package, directory.Combine("task"), TestDeadline.Token()));
        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Zips the test's function, with or without a program that starts it.</summary>
    private sealed class Packager(bool hasBootstrap) : ILambdaDeploymentPackager
    {
        public async Task<LambdaDeploymentPackagerResult> CreateDeploymentPackageAsync(LambdaProjectResource lambdaFunction, string outputDirectory, CancellationToken cancellationToken)
        {
            var path = Path.Combine(outputDirectory, "package.zip");
            await using var zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create, cancellationToken);
            foreach (var file in (string[])["RuntimeFunction.dll", "RuntimeFunction.runtimeconfig.json"])
            {
                await zip.CreateEntryFromFileAsync(Path.Combine(AppContext.BaseDirectory, file), file, cancellationToken);
            }

            if (hasBootstrap)
            {
                var entry = zip.CreateEntry("bootstrap");
                entry.ExternalAttributes = Convert.ToInt32("100755", 8) << 16;
                await using var content = await entry.OpenAsync(cancellationToken);
                await using var writer = new StreamWriter(content);
                await writer.WriteAsync($"#!/bin/sh\nBY_BOOTSTRAP=yes exec '{DotNetHost.Path}' exec ./RuntimeFunction.dll\n");
            }

            return new LambdaDeploymentPackagerResult { Success = true, LocalLocation = path };
        }
    }

    private sealed class NoPackager : ILambdaDeploymentPackager
    {
        public Task<LambdaDeploymentPackagerResult> CreateDeploymentPackageAsync(LambdaProjectResource lambdaFunction, string outputDirectory, CancellationToken cancellationToken)
            => Task.FromResult(new LambdaDeploymentPackagerResult { Success = false });
    }
}
