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
builder.Pipeline.AddStep("say-hello", _ => Task.CompletedTask);
#pragma warning restore ASPIREPIPELINES001

builder.Build().Run();
