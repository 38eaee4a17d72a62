using Amazon.CDK;
using Amazon.CDK.AWS.Apigatewayv2;
using Amazon.CDK.AWS.Lambda;
using Amazon.CDK.AWS.Logs;

namespace RvkApp.AppHost.Topology;

/// <summary>The HTTP API before the function: the only public entry point, throttled and logged.</summary>
internal sealed class PublicApi
{
    // https://docs.aws.amazon.com/apigateway: "Customize HTTP API access logs". Neither headers nor query strings, which may carry personal data.
    private const string AccessLogFormat =
        """
        {"requestId":"$context.requestId","time":"$context.requestTime","ip":"$context.identity.sourceIp","method":"$context.httpMethod","path":"$context.path","route":"$context.routeKey","status":"$context.status","bytes":"$context.responseLength","latency":"$context.responseLatency","integrationLatency":"$context.integrationLatency","integrationError":"$context.integrationErrorMessage"}
        """;

    private const string StageName = "$default";

    public PublicApi(Stack stack, Function function, TopologyOptions options)
    {
        Api = new CfnApi(stack, "HttpApi", new CfnApiProps
        {
            Name = SchoolStack.Project,
            Description = "School Management API",
            ProtocolType = "HTTP",
            CorsConfiguration = new CfnApi.CorsProperty
            {
                // None unless configured: no page of another origin may call. Tokens are in a header, so cookies stay out of it.
                AllowOrigins = options.CorsOrigins.Count == 0 ? null : [.. options.CorsOrigins],
                AllowMethods = CorsRules.Methods,
                AllowHeaders = CorsRules.Headers,
                ExposeHeaders = CorsRules.ExposedHeaders,
                AllowCredentials = false,
                MaxAge = CorsRules.MaxAge,
            },
        });
        var integration = new CfnIntegration(stack, "HttpApiIntegration", new CfnIntegrationProps
        {
            ApiId = Api.Ref,
            Description = "Every request to the API's function",
            IntegrationType = "AWS_PROXY",
            IntegrationUri = function.FunctionArn,
            PayloadFormatVersion = "2.0",
            // The most an HTTP API allows; the function's own timeout is not longer.
            TimeoutInMillis = 30_000,
        });
        CreateRoute(stack, "HttpApiRoot", "ANY /", integration);
        CreateRoute(stack, "HttpApiProxy", "ANY /{proxy+}", integration);

        // Groups of this prefix share one resource policy; otherwise each would lengthen one that has a limit of 5,120 characters.
        var log = Logs.Create(stack, "AccessLog", $"/aws/vendedlogs/{SchoolStack.Project}/api-access", options);
        _ = new CfnStage(stack, "HttpApiStage", new CfnStageProps
        {
            ApiId = Api.Ref,
            StageName = StageName,
            AutoDeploy = true,
            AccessLogSettings = new CfnStage.AccessLogSettingsProperty { DestinationArn = log.AttrArn, Format = AccessLogFormat },
            DefaultRouteSettings = new CfnStage.RouteSettingsProperty
            {
                ThrottlingRateLimit = options.ThrottleRate,
                ThrottlingBurstLimit = options.ThrottleBurst,
                DetailedMetricsEnabled = true,
            },
        });
        _ = new CfnPermission(stack, "HttpApiInvoke", new CfnPermissionProps
        {
            Action = "lambda:InvokeFunction",
            FunctionName = function.FunctionArn,
            Principal = "apigateway.amazonaws.com",
            SourceArn = Iam.Arn("execute-api", $"{Api.Ref}/*"),
        });
    }

    /// <summary>The API.</summary>
    public CfnApi Api { get; }

    private void CreateRoute(Stack stack, string id, string key, CfnIntegration integration)
    {
        var route = new CfnRoute(stack, id, new CfnRouteProps
        {
            ApiId = Api.Ref,
            RouteKey = key,
            AuthorizationType = "NONE",
            Target = $"integrations/{integration.Ref}",
        });
        route.Accept("AwsSolutions-APIG4", "The API checks its own tokens, and some of its routes are for everyone: sign-in, health and the API reference.");
    }
}
