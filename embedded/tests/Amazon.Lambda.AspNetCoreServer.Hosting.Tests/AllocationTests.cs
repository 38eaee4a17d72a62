using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests;

/// <summary>
/// What one invocation allocates from the socket to the socket: Runtime API client, reader, ASP.NET Core's hosting, a trivial application and writer, which all
/// run on the loop's own thread. Allocations repeat exactly, times do not.
/// </summary>
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int Warmup = 20;
    private const int Measured = 200;

    [Theory]
    [InlineData(LambdaEventSource.HttpApi, "HttpApi.json", 4_600)]
    [InlineData(LambdaEventSource.RestApi, "RestApi.json", 5_000)]
    [InlineData(LambdaEventSource.ApplicationLoadBalancer, "LoadBalancer.json", 4_200)]
    public async Task An_invocation_stays_within_its_budget(LambdaEventSource source, string file, int budget)
    {
        var bytes = new List<long>();
        var text = "{\"status\":\"Healthy\"}"u8.ToArray();
        await using var function = await HostedFunction.StartAsync(
            app => app.Run(context =>
            {
                bytes.Add(GC.GetAllocatedBytesForCurrentThread());
                context.Response.ContentType = "application/json";
                return context.Response.Body.WriteAsync(text).AsTask();
            }),
            source: source);
        var json = Sample.Read(file);
        for (var i = 0; i < Warmup + Measured; i++)
        {
            Assert.False((await function.InvokeAsync(json)).IsError);
        }

        // From one call of the application to the next is one invocation; the median leaves out what is made once.
        var each = bytes.Zip(bytes.Skip(1), (from, to) => to - from).Skip(Warmup).Order().ToArray();
        output.WriteLine($"{source}: {each[each.Length / 2]} bytes an invocation (least {each[0]}, most {each[^1]})");
        Assert.InRange(each[each.Length / 2], 0, budget);
    }
}
