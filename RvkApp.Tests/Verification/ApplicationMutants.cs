using System.Text.Json.Nodes;

namespace RvkApp.Tests.Verification;

/// <summary>The HTTP API and its function.</summary>
internal static class ApplicationMutants
{
    public static IEnumerable<Mutant> All =>
    [
        Function("memory", "lambda-settings", function => function["MemorySize"] = 128, "MemorySize"),
        Function("timeout", "lambda-settings", function => function["Timeout"] = 3, "Timeout"),
        Function("concurrency", "lambda-settings", function => function.Remove("ReservedConcurrentExecutions"), "ReservedConcurrentExecutions"),
        Function("no concurrency at all", "reachability", function => function["ReservedConcurrentExecutions"] = 0, "reserved concurrency of 0"),
        Function("an image", "lambda-settings", function => function["PackageType"] = "Image", "zip package"),
        Function("another host of MongoDB", "service-discovery", function => function["Environment"]!["Variables"]!["Mongo__Host"] = "localhost", "mongo.local"),
        Function("a literal password", "secrets-never-literal", function => function["Environment"]!["Variables"]!["Mongo__Password"] = "secret", "Mongo__Password"),
        Function("a secret resolved at deployment", "secrets-never-literal", function => function["Environment"]!["Variables"]!["Anything"] = "{{resolve:secretsmanager:x}}", "Anything"),
        Function("outside the VPC", "lambda-settings", function => function.Remove("VpcConfig"), "VPC"),
        Of("AWS::ApiGatewayV2::Api", "no CORS", "api-entry", api => api.Remove("CorsConfiguration")),
        Of("AWS::ApiGatewayV2::Api", "a WebSocket API", "api-entry", api => api["ProtocolType"] = "WEBSOCKET"),
        Of("AWS::ApiGatewayV2::Api", "no endpoint", "reachability", api => api["DisableExecuteApiEndpoint"] = true),
        Of("AWS::ApiGatewayV2::Stage", "no access logs", "api-entry", stage => stage.Remove("AccessLogSettings")),
        Of("AWS::ApiGatewayV2::Stage", "no throttling", "api-entry", stage => stage.Remove("DefaultRouteSettings")),
        Of("AWS::ApiGatewayV2::Integration", "an HTTP proxy", "api-entry", integration => integration["IntegrationType"] = "HTTP_PROXY"),
        Of("AWS::ApiGatewayV2::Integration", "the old payload", "api-entry", integration => integration["PayloadFormatVersion"] = "1.0"),
        new("no stage", "reachability", template => { template.Remove(template.Single("AWS::ApiGatewayV2::Stage")); return "no stage"; }),
        new("no route for /", "api-entry", template => { template.Remove(Route(template, "ANY /")); return "'ANY /'"; }),
        new("no route for the rest", "api-entry", template => { template.Remove(Route(template, "ANY /{proxy+}")); return "'ANY /{proxy+}'"; }),
        new("only GET", "api-entry", template => { template.Properties(Route(template, "ANY /{proxy+}"))["RouteKey"] = "GET /{proxy+}"; return "'ANY /{proxy+}'"; }),
        new("a second function behind the API", "targets", template =>
        {
            template.Add("OtherFunction", "AWS::Lambda::Function", """{ "Code": { "ZipFile": "x" } }""");
            template.Add("OtherIntegration", "AWS::ApiGatewayV2::Integration", $$"""{ "ApiId": { "Ref": "{{template.Single("AWS::ApiGatewayV2::Api")}}" }, "IntegrationType": "AWS_PROXY", "IntegrationUri": { "Fn::GetAtt": ["OtherFunction", "Arn"] } }""");
            return "OtherFunction";
        }),
    ];

    private static string Route(TemplateEditor template, string key) => template.IdsOf("AWS::ApiGatewayV2::Route").Single(id => template.Properties(id)["RouteKey"]!.GetValue<string>() == key);

    private static Mutant Function(string name, string check, Action<JsonObject> change, string named) => new($"function: {name}", check, template => { change(template.Properties(template.Function)); return named; });

    private static Mutant Of(string type, string name, string check, Action<JsonObject> change) => new($"API: {name}", check, template => { var id = template.Single(type); change(template.Properties(id)); return id; });
}
