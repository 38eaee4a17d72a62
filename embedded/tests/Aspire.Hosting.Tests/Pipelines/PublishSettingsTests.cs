using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Pipelines;
using Aspire.Hosting.Testing;
using Aspire.Hosting.Tests.Processes;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Tests.Pipelines;

public class PublishSettingsTests
{
    [Fact]
    public async Task The_command_line_becomes_options()
    {
        await using var application = await DistributedApplicationTestingBuilder
            .Create("--operation", "publish", "--step", "deploy", "--output-path", "out", "--log-level", "debug", "--clear-cache", "--yes", "--environment", "Staging")
            .BuildAsync(TestContext.Current.CancellationToken);

        var options = application.Services.GetRequiredService<IOptions<PipelineOptions>>().Value;
        Assert.Equal(("deploy", "out", "debug", true, true), (options.Step, options.OutputPath, options.LogLevel, options.ClearCache, options.SkipConfirmation));
        Assert.Equal("Staging", application.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostEnvironment>().EnvironmentName);
        Assert.True(application.Services.GetRequiredService<DistributedApplicationExecutionContext>().IsPublishMode);
    }

    [Theory]
    [InlineData("--operation", "publish")]
    [InlineData("--operation", "inspect")]
    [InlineData("--step", "build")]
    [InlineData("--list-steps", null)]
    [InlineData("--publisher", "manifest")]
    public void An_application_is_published_when_its_arguments_say_so(string argument, string? value)
        => Assert.True(DistributedApplicationTestingBuilder.Create(value is null ? [argument] : (string[])[argument, value]).ExecutionContext.IsPublishMode);

    [Fact]
    public void A_flag_needs_no_value()
    {
        Assert.Equal(["--yes", "true", "--step", "x", "--list-steps", "true"], PublishSettings.WithFlagValues(["--yes", "--step", "x", "--list-steps"])!);
        Assert.Equal(["--yes", "false", "other"], PublishSettings.WithFlagValues(["--yes", "false", "other"])!);
    }

    [Fact]
    public void Output_goes_where_it_is_told_or_beside_the_app_host()
    {
        using var told = new PipelineOutputService("out", "/app");
        using var untold = new PipelineOutputService(null, "/app");
        var program = new ExecutableResource("program", "program", ".");

        Assert.Equal(Path.GetFullPath("out"), told.GetOutputDirectory());
        Assert.Equal(Path.Combine(Path.GetFullPath("out"), "program"), told.GetOutputDirectory(program));
        Assert.Equal(Path.Combine("/app", "aspire-output"), untold.GetOutputDirectory());
    }

    [Fact]
    public void Temporary_output_goes_with_the_app_host()
    {
        string directory;
        using (var output = new PipelineOutputService(null, "/app"))
        {
            directory = output.GetTempDirectory();
            File.WriteAllText(Path.Combine(directory, "file"), "");
            Assert.Equal(directory, output.GetTempDirectory());
        }

        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public async Task A_deployment_target_is_found_for_its_environment()
    {
        using var directory = new TemporaryDirectory();
        var builder = ModelBuilder.Publish();
        var (east, west) = (new Cloud("east"), new Cloud("west"));
        var program = builder.AddProgram("program")
            .WithAnnotation(new DeploymentTargetAnnotation(east) { ComputeEnvironment = east })
            .WithAnnotation(new DeploymentTargetAnnotation(west) { ComputeEnvironment = west });

        Assert.Same(east, program.Resource.GetDeploymentTargetAnnotation(east)?.DeploymentTarget);
        Assert.Throws<InvalidOperationException>(() => program.Resource.GetDeploymentTargetAnnotation());
        program.WithComputeEnvironment(builder.AddResource(west));
        Assert.Same(west, program.Resource.GetDeploymentTargetAnnotation()?.DeploymentTarget);
        Assert.Null(program.Resource.GetDeploymentTargetAnnotation(east));
        await builder.DisposeAsync();
    }

    private sealed class Cloud(string name) : Resource(name), IComputeEnvironmentResource;
}
