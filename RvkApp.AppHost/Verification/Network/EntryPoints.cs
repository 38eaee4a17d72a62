using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>What can be called without passing a security group: APIs, functions, and whatever AWS puts on the internet.</summary>
internal static class EntryPoints
{
    private static readonly HashSet<string> Public = new(StringComparer.Ordinal)
    {
        "AWS::AppSync::GraphQLApi", "AWS::CloudFront::Distribution", "AWS::AppRunner::Service", "AWS::GlobalAccelerator::Accelerator", "AWS::Cognito::UserPoolDomain",
        "AWS::Lightsail::Instance", "AWS::Lightsail::LoadBalancer", "AWS::Transfer::Server", "AWS::EC2::ClientVpnEndpoint", "AWS::ElasticBeanstalk::Environment", "AWS::Amplify::App",
    };

    /// <summary>Every such call that the template allows.</summary>
    public static IEnumerable<Connection> Of(NetworkModel network)
    {
        var (world, targets) = (network.World, network.Targets);
        string Name(Resource resource) => resource.Id == targets.Function?.Id ? "lambda" : resource.Id == targets.Api?.Id ? "api" : resource.Id;
        Connection FromInternet(Resource resource, string text) => new("internet", Name(resource), Traffic.Https, [new(resource.Id, text)]);

        foreach (var resource in world.Resources)
        {
            switch (resource.Type)
            {
                case "AWS::ApiGatewayV2::Api":
                    if (resource.At("DisableExecuteApiEndpoint")?.AsBool != true || world.OfType("AWS::ApiGatewayV2::ApiMapping").Any(mapping => mapping.Properties.Mentions(resource.Id)))
                    {
                        yield return FromInternet(resource, $"{resource.Text("Name") ?? resource.Id}: a public {resource.Text("ProtocolType") ?? "unknown"} API");
                    }

                    break;
                case "AWS::ApiGateway::RestApi" when resource.List("EndpointConfiguration", "Types").All(type => type.AsText != "PRIVATE"):
                    yield return FromInternet(resource, $"{resource.Id}: a public REST API");
                    break;
                case "AWS::Lambda::Url":
                    var function = Targets.FunctionOf(world, resource.At("TargetFunctionArn"));
                    yield return new("internet", function is null ? resource.Id : Name(function), Traffic.Https,
                        [new(resource.Id, $"{resource.Id}: a function URL of {function?.Id ?? resource.At("TargetFunctionArn")?.ToString()}, AuthType {resource.At("AuthType")?.ToString() ?? "missing"}")]);
                    break;
                case "AWS::ApiGatewayV2::Integration" when Targets.FunctionOf(world, resource.At("IntegrationUri")) is { } behind:
                    yield return new(world.Find((resource.At("ApiId") as Reference)?.Id) is { } api ? Name(api) : resource.Id, Name(behind), Traffic.Invoke,
                        [new(resource.Id, $"{resource.Id}: {resource.At("ApiId")} integrates {behind.Id}")]);
                    break;
                case "AWS::Lambda::Permission":
                    foreach (var connection in Invocations(world, targets, resource, Name))
                    {
                        yield return connection;
                    }

                    break;
                case "AWS::Lambda::EventSourceMapping" when Targets.FunctionOf(world, resource.At("FunctionName")) is { } fed:
                    yield return new(resource.Id, Name(fed), Traffic.Invoke, [new(resource.Id, $"{resource.Id}: an event source invokes {fed.Id}")]);
                    break;
                case var type when Public.Contains(type):
                    yield return FromInternet(resource, $"{resource.Id}: {type} is on the internet");
                    break;
                default:
                    foreach (var statement in Policies.OpenToAnyone(resource))
                    {
                        yield return FromInternet(resource, $"{resource.Id}: a resource policy lets anyone call {statement["Action"]}");
                    }

                    break;
            }
        }
    }

    /// <summary>Whether a permission is the one that lets the specified API, and no other, invoke the function.</summary>
    public static bool IsOfApi(Targets targets, Resource permission) => targets.Api is { } api
        && permission.At("Principal")?.ToString() == "apigateway.amazonaws.com"
        && permission.At("SourceArn") is { } source && source.Mentions(api.Id);

    private static IEnumerable<Connection> Invocations(World world, Targets targets, Resource permission, Func<Resource, string> name)
    {
        if (IsOfApi(targets, permission))
        {
            yield break;
        }

        var function = Targets.FunctionOf(world, permission.At("FunctionName"));
        var principal = permission.At("Principal")?.ToString() ?? "*";
        yield return new(principal == "*" ? "internet" : principal, function is null ? permission.Id : name(function), Traffic.Invoke,
            [new(permission.Id, $"{permission.Id}: {principal} may call {permission.At("Action")?.ToString() ?? "(missing)"} on {permission.At("FunctionName")?.ToString() ?? "(missing)"}{(permission.At("SourceArn") is { } source ? $" for {source}" : " from any source")}")]);
    }
}
