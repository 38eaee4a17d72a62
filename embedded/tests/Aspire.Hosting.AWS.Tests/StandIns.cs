using System.Net;
using System.Text;
using Aspire.Hosting.Tests.Processes;
using Aspire.Hosting.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Tests;

/// <summary>What a deployment needs beside the app host: an npx that notes what it is told, and the two services of AWS that it asks, on this machine.</summary>
internal sealed class StandIns : IAsyncDisposable
{
    public const string Account = "123456789012";

    private readonly TemporaryDirectory _directory = new();
    private readonly WebApplication _aws;

    private StandIns()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _aws = builder.Build();
        _aws.MapPost("/sts", AnswerIdentityAsync);
        _aws.MapPost("/ssm", AnswerParameterAsync);
        Variables = new()
        {
            ["PATH"] = _directory.FullName,
            ["NPX_LOG"] = _directory.Combine("npx.log"),
            ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
            ["AWS_SECRET_ACCESS_KEY"] = "not-a-secret",
            ["AWS_REGION"] = "us-east-2",
            ["AWS_CONFIG_FILE"] = _directory.Combine("no-config"),
            ["AWS_SHARED_CREDENTIALS_FILE"] = _directory.Combine("no-credentials"),
            ["AWS_EC2_METADATA_DISABLED"] = "true",
        };
    }

    /// <summary>What the app host finds in its environment.</summary>
    public Dictionary<string, string> Variables { get; }

    /// <summary>What the services answer: a status and a body.</summary>
    public (HttpStatusCode Status, string Body) Identity { get; set; } = (HttpStatusCode.OK,
        $"""
        <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
        <Arn>arn:aws:iam::{Account}:user/test</Arn><UserId>AIDA</UserId><Account>{Account}</Account>
        </GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>
        """);

    public (HttpStatusCode Status, string Body) Bootstrap { get; set; } = (HttpStatusCode.OK, """{"Parameter":{"Name":"/cdk-bootstrap/hnb659fds/version","Type":"String","Value":"21","Version":1}}""");

    /// <summary>The command lines npx was given, and the region it was given with each.</summary>
    public string[] NpxCalls => File.Exists(Variables["NPX_LOG"]) ? File.ReadAllLines(Variables["NPX_LOG"]) : [];

    public static async Task<StandIns> StartAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for npx is a shell script.");
        var standIns = new StandIns();
        standIns.AddNode();
        standIns.AddNpx();
        await standIns._aws.StartAsync(TestDeadline.Token());
        var address = standIns._aws.Urls.Single();
        standIns.Variables["AWS_ENDPOINT_URL_STS"] = $"{address}/sts";
        standIns.Variables["AWS_ENDPOINT_URL_SSM"] = $"{address}/ssm";
        return standIns;
    }

    public void Remove(string program) => File.Delete(_directory.Combine(program));

    public AppHostProcess Run(string step, params string[] arguments)
        => new(["--operation", "publish", "--step", step, "--output-path", _directory.Combine("out"), .. arguments], Variables, "CloudApp.AppHost");

    /// <summary>Runs a step to its end.</summary>
    public async Task<(int ExitCode, string Errors, string Output)> EndAsync(string step, params string[] arguments)
    {
        await using var host = Run(step, arguments);
        var (exitCode, errors) = await host.EndAsync();
        return (exitCode, errors, host.Output);
    }

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        _directory.Dispose();
    }

    private void AddNode()
    {
        var node = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(d => Path.Combine(d, "node")).FirstOrDefault(File.Exists);
        Assert.NotNull(node);
        File.CreateSymbolicLink(_directory.Combine("node"), node);
    }

    private void AddNpx()
    {
        var path = _directory.Combine("npx");
        File.WriteAllText(path,
            """
            #!/bin/sh
            printf '%s|%s\n' "$AWS_REGION" "$*" >> "$NPX_LOG"
            case "$*" in
              *--version*)
                if [ -n "$NPX_UNREACHABLE" ]; then
                  echo "npm error code ENOTFOUND" >&2
                  echo "npm error network request to the registry failed" >&2
                  echo "npm error A complete log of this run can be found in: /somewhere" >&2
                  exit 1
                fi
                echo 2.1148.1 ;;
              *)
                echo "CloudApp: it begins"
                echo "CloudApp: a line on the error output" >&2
                exit "${NPX_EXIT_CODE:-0}" ;;
            esac
            """.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private Task AnswerIdentityAsync(HttpContext context) => AnswerAsync(context, Identity, "text/xml");

    private Task AnswerParameterAsync(HttpContext context) => AnswerAsync(context, Bootstrap, "application/x-amz-json-1.1");

    private static async Task AnswerAsync(HttpContext context, (HttpStatusCode Status, string Body) answer, string type)
    {
        context.Response.StatusCode = (int)answer.Status;
        context.Response.ContentType = type;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer.Body), context.RequestAborted);
    }
}
