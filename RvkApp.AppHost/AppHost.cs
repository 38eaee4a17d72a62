using Aspire.Hosting.AWS.Lambda;
using RvkApp.AppHost;
using RvkApp.AppHost.Topology;
using RvkApp.AppHost.Topology.Live;

var builder = DistributedApplication.CreateBuilder(args);
var settings = AppHostSettings.Read(builder.Configuration, builder.ExecutionContext);
LocalDashboard.Configure(builder.Configuration, settings.Ports);

// Parameters: set by configuration (Parameters:NAME); a secret that nobody sets is generated once and kept in the user secrets.
var adminEmail = builder.AddParameter("admin-email", () => settings.AdminEmail, publishValueAsDefault: true);
var adminPassword = builder.AddParameter("admin-password", new GenerateParameterDefault { MinLength = 20, Special = false }, secret: true, persist: true);
var signingKey = builder.AddParameter("jwt-signing-key", new GenerateParameterDefault { MinLength = 64, Special = false }, secret: true, persist: true);

// Data: one MongoDB server on one volume, with one database.
var mongo = builder.AddMongoDB("mongo", port: settings.Ports.Mongo)
    .WithDataVolume("rvk-mongo-data");

var school = mongo.AddDatabase("school");

if (builder.ExecutionContext.IsPublishMode)
{
    // Published: MongoDB and everything around the API are parts of a stack in AWS, and the API is a Lambda function.
    CloudModel.Add(builder, settings.Cloud, mongo, adminEmail);
}
else
{
    // Application: the API, as in the cloud a Lambda function behind API Gateway, or a process that listens itself (ApiHost).
    IResourceBuilder<ProjectResource> api;
    IResourceBuilder<IResourceWithEndpoints> entrance;
    if (settings.ApiHost == ApiHost.Lambda)
    {
        var function = builder.AddAWSLambdaFunction<Projects.RvkApp_Api>("api", LocalCloud.Configure(builder, settings));
        api = function;
        entrance = builder.AddAWSAPIGatewayEmulator("gateway", APIGatewayType.HttpV2, new() { HttpPort = settings.Ports.Api, DisableHttpsEndpoint = true })
            .WithReference(function, Method.Any, "/{proxy+}")
            .WaitFor(function);
    }
    else
    {
        var project = builder.AddProject<Projects.RvkApp_Api>("api", project => project.ExcludeLaunchProfile = true)
            .WithHttpEndpoint(port: settings.Ports.Api);
        (api, entrance) = (project, project);
    }

    api.WithReference(school)
        .WaitFor(school)
        .WithEnvironment("Admin__Email", adminEmail)
        .WithEnvironment("Admin__Password", adminPassword)
        .WithEnvironment("Jwt__SigningKey", signingKey)
        .WithEnvironment("Seed__Demo", settings.SeedDemo ? "true" : "false")
        .WithCorsOrigins(settings.Cloud.CorsOrigins);

    entrance.WithExternalHttpEndpoints()
        .WithHttpHealthCheck("/health")
        .WithUrlForEndpoint("http", url => url.DisplayText = "API")
        .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/api-docs", DisplayText = "API reference" })
        .WithFirstSignIn(adminEmail, adminPassword);

    builder.AddTopology(settings.Cloud, api.Resource, entrance.Resource, mongo.Resource);
}

builder.Build().Run();
