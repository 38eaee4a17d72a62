using System.Text;
using Aspire.Hosting.AWS.Lambda.Service;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>What a request costs. The count is the whole process's, so that nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    // Measured: 1.1 kB in a release build. What a build for debugging adds are its state machines.
    private const long BudgetBytes = 2_500;
    private const int BatchSize = 100;

    [Fact]
    public async Task A_request_stays_within_its_budget_of_memory()
    {
        await using var api = await TestApi.StartAsync(settings: new() { ["Throttling:RateLimit"] = "1000000", ["Throttling:BurstLimit"] = "1000000", ["AccessLog:MaxLinesPerSecond"] = "1" }, invoker: new CountingFunction());
        using var client = await api.ConnectAsync();
        var stream = client.GetStream();
        // Written at once, so that next to nothing of what is counted is the client's.
        var batch = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("GET /orders/7?x=1 HTTP/1.1\r\nHost: localhost\r\nUser-Agent: tests\r\nCookie: a=1; b=2\r\nAccept: */*\r\n\r\n", BatchSize)));
        var buffer = new byte[64 * 1024];

        await SendAsync(batches: 30);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await SendAsync(batches: 100);
        var perRequest = (GC.GetTotalAllocatedBytes(precise: true) - before) / (100 * BatchSize);

        TestContext.Current.TestOutputHelper?.WriteLine($"{perRequest} bytes for each request");
        Assert.True(perRequest < BudgetBytes, $"A request allocates {perRequest} bytes; the budget is {BudgetBytes}.");

        async Task SendAsync(int batches)
        {
            for (var i = 0; i < batches; i++)
            {
                await stream.WriteAsync(batch, TestDeadline.Token());
                for (var answered = 0; answered < BatchSize;)
                {
                    var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
                    Assert.True(read > 0, "The gateway closed the connection.");
                    answered += buffer.AsSpan(0, read).Count((byte)'!');
                }
            }
        }
    }

    private sealed class CountingFunction : ILambdaInvoker
    {
        private static readonly byte[] Answer = """{"statusCode":200,"headers":{"content-type":"application/json"},"body":"done!"}"""u8.ToArray();

        public ValueTask<InvokeResult> InvokeAsync(string functionName, InvokeRequest request, CancellationToken cancellationToken)
        {
            request.Payload.Dispose();
            return new(new InvokeResult { Status = InvokeStatus.Succeeded, RequestId = "invocation", Payload = Payload.Of(Answer) });
        }
    }
}
