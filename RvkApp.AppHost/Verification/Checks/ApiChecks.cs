using System.Globalization;

namespace RvkApp.AppHost.Verification;

/// <summary>The HTTP API and the function behind it.</summary>
internal static class ApiChecks
{
    /// <summary>The API has its routes, limits, logs and the right to invoke.</summary>
    public static Check Entry(CheckContext context)
    {
        var check = new Check("api-entry", "The HTTP API sends every path to the function, with CORS, access logs and throttling");
        var (world, targets) = (context.World, context.Targets);
        if (targets.Api is not { } api)
        {
            check.Fails(null, "there is no HTTP API", "add an AWS::ApiGatewayV2::Api of ProtocolType HTTP");
            return check;
        }

        check.ExpectProperty(api, "ProtocolType", "HTTP");
        check.Expect(api.At("CorsConfiguration") is not null, api.Id, $"{api.Id} answers CORS", $"{api.Id} has no CorsConfiguration", "add CorsConfiguration with the origins, methods and headers that clients use");
        foreach (var key in new[] { "ANY /", "ANY /{proxy+}" })
        {
            var route = world.OfType("AWS::ApiGatewayV2::Route").FirstOrDefault(route => route.At("ApiId")?.Mentions(api.Id) == true && route.Text("RouteKey") == key);
            check.Expect(route is not null && targets.Integrations.Any(integration => route.At("Target")?.Mentions(integration.Id) == true), route?.Id ?? api.Id,
                $"{route?.Id}: {key} leads to {targets.Function?.Id}", route is null ? $"{api.Id} has no route '{key}'" : $"{route.Id} ({key}) does not lead to the function", $"add an AWS::ApiGatewayV2::Route with RouteKey '{key}' and Target of the function's integration");
        }

        foreach (var integration in targets.Integrations)
        {
            check.ExpectProperty(integration, "IntegrationType", "AWS_PROXY");
            check.ExpectProperty(integration, "PayloadFormatVersion", "2.0");
        }

        var stages = world.OfType("AWS::ApiGatewayV2::Stage").Where(stage => stage.At("ApiId")?.Mentions(api.Id) == true).ToArray();
        check.Expect(stages.Length > 0, stages.FirstOrDefault()?.Id ?? api.Id, $"{api.Id} has the stage {stages.FirstOrDefault()?.Text("StageName")}", $"{api.Id} has no stage", "add an AWS::ApiGatewayV2::Stage $default with AutoDeploy true");
        foreach (var stage in stages)
        {
            check.Expect(stage.At("AccessLogSettings", "DestinationArn") is not null, stage.Id, $"{stage.Id} writes access logs to {stage.At("AccessLogSettings", "DestinationArn")}", $"{stage.Id} writes no access logs", "add AccessLogSettings with DestinationArn and Format");
            foreach (var limit in new[] { "ThrottlingBurstLimit", "ThrottlingRateLimit" })
            {
                check.Expect(stage.At("DefaultRouteSettings", limit) is not null, stage.Id, $"{stage.Id} {limit} {stage.At("DefaultRouteSettings", limit)}", $"{stage.Id} has no {limit}", $"set DefaultRouteSettings.{limit}");
            }
        }

        return check;
    }

    /// <summary>The function has its specified size and place.</summary>
    public static Check Function(CheckContext context)
    {
        var options = context.Options;
        var check = new Check("lambda-settings", string.Create(CultureInfo.InvariantCulture,
            $"The function has {options.LambdaMemory} MB, {options.LambdaTimeout} s, a zip package, a reserved concurrency of {options.LambdaConcurrency}, and is in the VPC"));
        if (context.Targets.Function is not { } function)
        {
            check.Fails(null, "no function is behind the API", "add an AWS::Lambda::Function and integrate it");
            return check;
        }

        check.ExpectProperty(function, "MemorySize", options.LambdaMemory.ToString(CultureInfo.InvariantCulture));
        check.ExpectProperty(function, "Timeout", options.LambdaTimeout.ToString(CultureInfo.InvariantCulture));
        check.ExpectProperty(function, "ReservedConcurrentExecutions", options.LambdaConcurrency.ToString(CultureInfo.InvariantCulture));
        check.Expect(function.Text("PackageType") is null or "Zip" && function.At("Code", "ImageUri") is null && function.At("Code") is not null, function.Id, $"{function.Id} is a zip package", $"{function.Id} has no zip package", "give Code.S3Bucket and Code.S3Key");
        check.Expect(function.At("VpcConfig", "SubnetIds") is not null, function.Id, $"{function.Id} is in the VPC", $"{function.Id} is not in the VPC", "give it VpcConfig with the application subnets and its group");
        return check;
    }
}
