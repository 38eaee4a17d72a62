var builder = DistributedApplication.CreateBuilder(args);

var greeting = builder.AddParameter("greeting", "hello");
var web = builder.AddProject<Projects.SmallApp_Web>("web")
    .WithEnvironment("GREETING", greeting)
    .WithHttpHealthCheck("/health");

builder.AddProject<Projects.SmallApp_Web>("follower")
    .WithReference(web)
    .WithEnvironment("UPSTREAM", web.GetEndpoint("http"))
    .WaitFor(web);

builder.Build().Run();
