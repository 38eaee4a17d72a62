using System.Diagnostics;
using Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;
using Amazon.Lambda.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests;

/// <summary>
/// The trace of an invocation (https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader). Its variable is one for
/// the process, so these run alone.
/// </summary>
[Collection(nameof(TraceTests))]
[CollectionDefinition(nameof(TraceTests), DisableParallelization = true)]
public sealed class TraceTests
{
    private const string Lambda = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

    [Theory]
    [InlineData(Lambda, "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01")]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0", "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-00")]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0;Lineage=1:a87bd80c:0", "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-00")]
    [InlineData("Sampled=?;Parent=53995c3f42cd8ad8;Root=1-5759e988-bd862e3fe1be46a994272793", "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01")]
    [InlineData("Self=1-67891234-12456789abcdef012345678; Root=1-5759e988-bd862e3fe1be46a994272793; Parent=53995c3f42cd8ad8", "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01")]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1", null)]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=0000000000000000;Sampled=1", null)]
    [InlineData("Root=2-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8", null)]
    [InlineData("Root=1-5759E988-BD862E3FE1BE46A994272793;Parent=53995c3f42cd8ad8", null)]
    [InlineData("Root=1-5759e988xbd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8", null)]
    [InlineData("Root=1-5759e98-bd862e3fe1be46a9942727931;Parent=53995c3f42cd8ad8", null)]
    [InlineData("Parent=53995c3f42cd8ad8", null)]
    [InlineData(";;=;Root", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_header_of_x_ray_is_a_traceparent(string? header, string? traceParent) => Assert.Equal(traceParent, TraceHeader.ToTraceParent(header));

    [Theory]
    [InlineData(Lambda, null, "5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8")]
    [InlineData(Lambda, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")]
    [InlineData(null, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")]
    public async Task A_request_s_activity_continues_the_client_s_trace_or_else_lambda_s(string? lambda, string? traceParent, string traceId, string parentId)
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(context =>
        {
            var activity = context.Features.Get<IHttpActivityFeature>()!.Activity;
            return context.Response.WriteAsync($"{activity.TraceId}|{activity.ParentSpanId}|{context.Request.Headers.TraceParent}");
        }));
        function.Runtime.TraceId = lambda;
        var request = new HttpApiEvent("GET", "/");
        if (traceParent is not null)
        {
            request.With("traceparent", traceParent);
        }

        // What the client did not send the application does not see.
        Assert.Equal($"{traceId}|{parentId}|{traceParent}", (await function.InvokeAsync(request)).Body);
    }

    [Fact]
    public async Task The_variable_of_x_ray_is_that_of_the_invocation()
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(context =>
            context.Response.WriteAsync($"{Environment.GetEnvironmentVariable("_X_AMZN_TRACE_ID")}|{LambdaTraceProvider.CurrentTraceId}")));
        function.Runtime.TraceId = Lambda;
        Assert.Equal($"{Lambda}|{Lambda}", (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Body);
        function.Runtime.TraceId = null;
        Assert.Equal("|", (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Body);
    }

    [Fact]
    public async Task An_activity_has_ended_and_the_request_s_services_are_disposed_of_before_lambda_has_the_response()
    {
        Activity? activity = null;
        var disposed = 0;
        var atAnswer = new List<(bool Stopped, int Disposed)>();
        await using var function = await HostedFunction.StartAsync(
            app => app.Run(context =>
            {
                activity = context.Features.Get<IHttpActivityFeature>()!.Activity;
                _ = context.RequestServices.GetRequiredService<Scoped>();
                return context.Response.WriteAsync("ok");
            }),
            services: services => services.AddScoped(_ => new Scoped(() => disposed++)));
        function.Runtime.Answering = () => atAnswer.Add((activity!.IsStopped, disposed));
        await function.InvokeAsync(new HttpApiEvent("GET", "/"));
        await function.InvokeAsync(new HttpApiEvent("GET", "/"));
        Assert.Equal([(true, 1), (true, 2)], atAnswer);
    }

    [Fact]
    public async Task What_an_application_leaves_in_its_flow_is_gone_with_the_invocation()
    {
        var local = new AsyncLocal<string>();
        await using var function = await HostedFunction.StartAsync(app => app.Run(context =>
        {
            var found = $"{local.Value}{Activity.Current?.Baggage.Count()}";
            local.Value = "left over";
            Activity.Current?.AddBaggage("left", "over");
            return context.Response.WriteAsync(found);
        }));
        Assert.Equal("0", (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Body);
        Assert.Equal("0", (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Body);
    }

    private sealed class Scoped(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }
}
