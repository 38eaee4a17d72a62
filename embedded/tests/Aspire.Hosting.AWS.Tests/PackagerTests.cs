using System.IO.Compression;
using Aspire.Hosting.AWS.Deployment.Services;
using Aspire.Hosting.AWS.Lambda;
using Aspire.Hosting.Tests.Processes;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.AWS.Tests;

public class PackagerTests
{
    [Fact]
    public async Task The_default_packager_zips_what_the_project_publishes()
    {
        using var directory = new TemporaryDirectory();
        var function = CreateProject(directory, """System.Console.WriteLine("Hello.");""");

        var result = await new DefaultLambdaDeploymentPackager(NullLogger<DefaultLambdaDeploymentPackager>.Instance).CreateDeploymentPackageAsync(function, directory.Combine("out"), TestDeadline.Token());

        Assert.True(result.Success);
        using var zip = ZipFile.OpenRead(result.LocalLocation!);
        Assert.Contains(zip.Entries, e => e.FullName == "hello.dll");
        Assert.Contains(zip.Entries, e => e.FullName == "hello.runtimeconfig.json");
        Assert.All(zip.Entries, e => Assert.Equal((1980, "100644"), (e.LastWriteTime.Year, Convert.ToString(e.ExternalAttributes >> 16, 8))));
    }

    [Fact]
    public async Task A_project_that_does_not_compile_has_no_package_and_its_errors_are_logged()
    {
        using var directory = new TemporaryDirectory();
        var function = CreateProject(directory, "This is no program;");
        var lines = new LineLogger();

        var result = await new DefaultLambdaDeploymentPackager(lines).CreateDeploymentPackageAsync(function, directory.Combine("out"), TestDeadline.Token());

        Assert.False(result.Success);
        Assert.Contains(lines.Lines, l => l.Contains("error CS", StringComparison.Ordinal));
    }

    private static LambdaProjectResource CreateProject(TemporaryDirectory directory, string program)
    {
        var project = directory.Combine("hello.csproj");
        File.WriteAllText(project, """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        File.WriteAllText(directory.Combine("Program.cs"), program);
        var function = new LambdaProjectResource("hello");
        function.Annotations.Add(new Metadata(project));
        return function;
    }

    private sealed class Metadata(string projectPath) : IProjectMetadata
    {
        public string ProjectPath { get; } = projectPath;
    }

    private sealed class LineLogger : ILogger<DefaultLambdaDeploymentPackager>
    {
        private readonly List<string> _lines = [];

        public string[] Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add(formatter(state, exception));
            }
        }
    }
}
