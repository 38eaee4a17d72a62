using System.Text.Json.Serialization;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;
using Amazon.Lambda.Serialization.SystemTextJson;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests;

/// <summary>When the server is replaced, and how it runs and ends.</summary>
public sealed class HostingTests
{
    [Fact]
    public void Outside_of_lambda_nothing_changes()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var before = builder.Services.Count;
        builder.Services.AddAWSLambdaHosting(LambdaEventSource.RestApi);
        builder.Services.AddAWSLambdaHosting(LambdaEventSource.HttpApi, _ => Assert.Fail("not in Lambda"));
        builder.Services.AddAWSLambdaHosting(LambdaEventSource.HttpApi, new SourceGeneratorLambdaJsonSerializer<EventsContext>());
        Assert.Equal(before, builder.Services.Count);
    }

    [Fact]
    public void A_websocket_api_is_refused_by_name()
    {
        var exception = Assert.Throws<NotSupportedException>(() => ServiceCollectionExtensions.AddLambdaServer(new ServiceCollection(), LambdaEventSource.WebsocketApi, null, "127.0.0.1:1"));
        Assert.Contains("LambdaEventSource.WebsocketApi is not implemented", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_only_server_is_the_lambda_server()
    {
        await using var function = await HostedFunction.StartAsync(_ => { });
        Assert.Single(function.App.Services.GetServices<IServer>());
    }

    [Fact]
    public async Task A_wrong_runtime_api_stops_the_start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        ServiceCollectionExtensions.AddLambdaServer(builder.Services, LambdaEventSource.HttpApi, null, runtimeApi: null);
        await using var app = builder.Build();
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("AWS_LAMBDA_RUNTIME_API is ''", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invocations_come_one_at_a_time()
    {
        var running = 0;
        await using var function = await HostedFunction.StartAsync(app => app.Run(async context =>
        {
            var alone = Interlocked.Increment(ref running) == 1;
            await Task.Yield();
            Interlocked.Decrement(ref running);
            await context.Response.WriteAsync(alone ? "alone" : "not alone");
        }));

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => function.InvokeAsync(new HttpApiEvent("GET", "/"))));
        Assert.All(results, result => Assert.Equal("alone", result.Body));
    }

    [Fact]
    public async Task Trouble_of_the_runtime_api_is_waited_out()
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(context => context.Response.WriteAsync("ok")));
        await function.Runtime.Started.WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken);
        // The answer to the first is posted into the trouble, and so is the next request for an event.
        function.Runtime.Troubles.Enqueue(503);
        function.Runtime.Troubles.Enqueue(429);

        Assert.Equal("ok", (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Body);
        Assert.Equal("ok", (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Body);
        Assert.Equal(2, function.Log.Lines.Count(line => line.Contains("trying again", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_environment_that_is_over_ends_the_application_with_the_reason()
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(context => context.Response.WriteAsync("ok")));
        await function.Runtime.Started.WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken);
        function.Runtime.Troubles.Enqueue(500);
        var stopping = new TaskCompletionSource();
        function.App.Lifetime.ApplicationStopping.Register(stopping.SetResult);

        var abandoned = function.InvokeAsync(new HttpApiEvent("GET", "/"));
        await stopping.Task.WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken);
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => function.App.StopAsync(TestContext.Current.CancellationToken));
        Assert.Contains("this environment is over", exception.ToString(), StringComparison.Ordinal);
        Assert.False(abandoned.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Stopping_ends_the_wait_for_an_event_but_not_an_invocation()
    {
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        await using var function = await HostedFunction.StartAsync(app => app.Run(async context =>
        {
            entered.SetResult();
            await leave.Task;
            await context.Response.WriteAsync("done");
        }));

        var result = function.InvokeAsync(new HttpApiEvent("GET", "/"));
        await entered.Task.WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken);
        var stop = function.App.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(stop.IsCompleted);
        leave.SetResult();
        Assert.Equal("done", (await result).Body);
        await stop.WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(1, function.Runtime.Nexts);
    }

    [Fact]
    public void The_generated_serializer_reads_and_writes_what_its_context_knows()
    {
        var serializer = new SourceGeneratorLambdaJsonSerializer<EventsContext>();
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(new HttpApiEvent("GET", "/students") { Cookies = ["a=1"] }.ToString()));
        var request = serializer.Deserialize<APIGatewayHttpApiV2ProxyRequest>(json);
        Assert.Equal("/students", request.RequestContext!.Http!.Path);
        Assert.Equal(["a=1"], request.Cookies!);

        using var output = new MemoryStream();
        serializer.Serialize(new APIGatewayHttpApiV2ProxyResponse { StatusCode = 204 }, output);
        Assert.Equal("""{"statusCode":204,"isBase64Encoded":false}""", System.Text.Encoding.UTF8.GetString(output.ToArray()));
        Assert.Contains("[JsonSerializable(typeof(Uri))]", Assert.Throws<System.Text.Json.JsonException>(() => serializer.Deserialize<Uri>(json)).Message, StringComparison.Ordinal);
    }
}

[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyRequest))]
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyResponse))]
internal sealed partial class EventsContext : JsonSerializerContext;
