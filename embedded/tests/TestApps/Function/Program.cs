using Function;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddAWSLambdaHosting(LambdaEventSource.HttpApi);
switch (builder.Configuration["FAILS"])
{
    case "configuring":
        throw new InvalidOperationException("it fails while it is configured");
    case "resolving":
        builder.Services.AddHostedService<Unresolvable>();
        break;
    case "starting":
        builder.Services.AddHostedService<Failing>();
        break;
}

var app = builder.Build();
app.MapGet("/", () => "ok");
app.Run();

namespace Function
{
    internal sealed class Failing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new TimeoutException("it fails while it starts");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    internal sealed class Unresolvable(IComparable missing) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.FromResult(missing);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
