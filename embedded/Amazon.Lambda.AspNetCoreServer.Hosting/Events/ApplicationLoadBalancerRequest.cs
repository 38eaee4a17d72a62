namespace Amazon.Lambda.ApplicationLoadBalancerEvents;

/// <summary>
/// A request as an Application Load Balancer hands it to a function. Member names are those of the format:
/// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
/// </summary>
#pragma warning disable CS1591, CA1034, CA2227 // the names are the documentation, the shape is the package's
public class ApplicationLoadBalancerRequest
{
    public ALBRequestContext? RequestContext { get; set; }

    public string? Path { get; set; }

    public string? HttpMethod { get; set; }

    public IDictionary<string, string>? Headers { get; set; }

    public IDictionary<string, IList<string>>? MultiValueHeaders { get; set; }

    public IDictionary<string, string>? QueryStringParameters { get; set; }

    public IDictionary<string, IList<string>>? MultiValueQueryStringParameters { get; set; }

    public string? Body { get; set; }

    public bool IsBase64Encoded { get; set; }

    public class ALBRequestContext
    {
        public ElbInfo? Elb { get; set; }
    }

    public class ElbInfo
    {
        public string? TargetGroupArn { get; set; }
    }
}
