using Amazon.CDK.AWS.EC2;
using Aspire.Hosting.AWS.Deployment;
using Aspire.Hosting.AWS.Deployment.Services;
using CloudApp.AppHost;
using Microsoft.Extensions.DependencyInjection;

var builder = DistributedApplication.CreateBuilder(args);
if (builder.Configuration["Packager"] != "default")
{
    builder.Services.AddSingleton<ILambdaDeploymentPackager>(new FixedPackager(builder.Configuration["Broken"]));
}

var aws = builder.AddAWSCDKEnvironment("aws", CDKDefaultsProviderFactory.Preview_V1, (app, props) => new CloudStack(app, "CloudApp", props, builder.Configuration["Broken"]));
if (builder.ExecutionContext.IsRunMode && builder.Configuration["Broken"] != "run")
{
    builder.Build().Run();
    return;
}

// The stack brings the store itself, and with it what belongs to it.
var store = builder.AddContainer("store", "store", "1").WithEndpoint(targetPort: 1234, name: "tcp").WithAnnotation(new DeploymentTargetAnnotation(aws.Resource));
builder.AddContainer("tool", "tool").ExcludeFromManifest();
var greeting = builder.AddParameter("greeting", "hello", publishValueAsDefault: true);
var motto = builder.AddParameter("the-motto");
var secret = builder.AddParameter("password", secret: true);

var api = builder.AddAWSLambdaFunction<Projects.SmallApp_Web>("api", "bootstrap")
    .WithEnvironment("PLAIN", "as it is")
    .WithEnvironment("GREETING", greeting)
    .WithEnvironment("MOTTO", motto)
    .PublishAsLambdaFunction(new PublishLambdaFunctionConfig
    {
        PropsFunctionCallback = (context, props) =>
        {
            props.Description = "The API";
            props.Environment!["TOPIC"] = context.GetDeploymentStack<CloudStack>().Topic.TopicArn;
            props.Environment["COVERED"] = "a plain value in place of what has no meaning";
        },
        ConstructFunctionCallback = (context, function) =>
        {
            if (builder.Configuration["Broken"] == "callback")
            {
                throw new InvalidOperationException("The callback has a fault, says the test.");
            }

            context.GetDeploymentStack<CloudStack>().Topic.GrantPublish(function);
        },
    })
    .WithEnvironment("COVERED", store.GetEndpoint("tcp"));

builder.AddAWSLambdaFunction<Projects.SmallApp_Web>("worker", "SmallApp.Web");

switch (builder.Configuration["Broken"])
{
    case "values":
        api.WithEnvironment("ADDRESS", store.GetEndpoint("tcp"))
            .WithEnvironment("PASSWORD", secret)
            .WithEnvironment("EXPRESSION", ReferenceExpression.Create($"say {greeting}"))
            .WithEnvironment("bad-name", "value");
        break;
    case "homeless":
        builder.AddContainer("cache", "cache");
        builder.AddProject<Projects.SmallApp_Web>("web");
        break;
    case "vpc":
        _ = aws.Resource.DefaultsProvider.GetDefaultVpc() is Vpc;
        break;
}

builder.Build().Run();
