using System.Text.Json;
using Amazon.Lambda.ApplicationLoadBalancerEvents;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Formats;

/// <summary>Reads an event of a load balancer into the public object.</summary>
internal static class LoadBalancerRequestObject
{
    public static ApplicationLoadBalancerRequest Read(ReadOnlySpan<byte> text)
    {
        var json = new Utf8JsonReader(text);
        EventReader.Begin(ref json);
        var request = new ApplicationLoadBalancerRequest();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "requestContext":
                    request.RequestContext = ReadContext(ref json);
                    break;
                case "path":
                    request.Path = EventObjectReader.Text(ref json);
                    break;
                case "httpMethod":
                    request.HttpMethod = EventObjectReader.Text(ref json);
                    break;
                case "headers":
                    request.Headers = EventObjectReader.Map(ref json);
                    break;
                case "multiValueHeaders":
                    request.MultiValueHeaders = EventObjectReader.MultiMap(ref json);
                    break;
                case "queryStringParameters":
                    request.QueryStringParameters = EventObjectReader.Map(ref json);
                    break;
                case "multiValueQueryStringParameters":
                    request.MultiValueQueryStringParameters = EventObjectReader.MultiMap(ref json);
                    break;
                case "body":
                    request.Body = EventObjectReader.Text(ref json);
                    break;
                case "isBase64Encoded":
                    request.IsBase64Encoded = EventReader.IsTrue(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return request;
    }

    private static ApplicationLoadBalancerRequest.ALBRequestContext? ReadContext(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var context = new ApplicationLoadBalancerRequest.ALBRequestContext();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "elb":
                    context.Elb = ReadElb(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return context;
    }

    private static ApplicationLoadBalancerRequest.ElbInfo? ReadElb(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var elb = new ApplicationLoadBalancerRequest.ElbInfo();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "targetGroupArn":
                    elb.TargetGroupArn = EventObjectReader.Text(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return elb;
    }
}
