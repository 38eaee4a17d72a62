using Microsoft.Extensions.Logging;

var builder = DistributedApplication.CreateBuilder(args);

switch (builder.Configuration["Broken"])
{
    case "model":
        throw new DistributedApplicationException("Resource 'twice' is in the model twice, says the test.");
    case "name":
        builder.AddParameter("web", "taken");
        break;
    case "code":
        throw new NotImplementedException();
}

var greeting = builder.AddParameter("greeting", "hello");
var web = builder.AddProject<Projects.SmallApp_Web>("web")
    .WithEnvironment("GREETING", greeting)
    .WithHttpHealthCheck("/health");

var follower = builder.AddProject<Projects.SmallApp_Web>("follower")
    .WithReference(web)
    .WithEnvironment("UPSTREAM", web.GetEndpoint("http"))
    .WaitFor(web);

switch (builder.Configuration["Refuse"])
{
    case "web":
        web.WithEnvironment("REFUSE", "yes");
        break;
    case "follower":
        follower.WithEnvironment("REFUSE", "yes");
        break;
}

#pragma warning disable ASPIREPIPELINES001 // What an app host that publishes has to say.
builder.Pipeline.AddStep("say-hello", async context =>
{
    var task = await context.ReportingStep.CreateTaskAsync("Taking a breath");
    context.Logger.LogInformation("Hello.");
    context.Logger.LogDebug("It was said quietly.");
    await task.CompleteAsync();
    context.Summary.Add("Said", "hello");
});
builder.Pipeline.AddStep("refuse", _ => throw new DistributedApplicationException("The step does not want to, says the test."), dependsOn: "say-hello");
builder.Pipeline.AddStep("stumble", _ => throw new NotImplementedException(), dependsOn: "say-hello");
builder.Pipeline.AddStep("after-refusal", _ => Task.CompletedTask, dependsOn: "refuse");
builder.Pipeline.AddStep("wait", async context =>
{
    await context.ReportingStep.CreateTaskAsync("Waiting for a signal");
    await Task.Delay(Timeout.Infinite, context.CancellationToken);
});
#pragma warning restore ASPIREPIPELINES001

builder.Build().Run();
