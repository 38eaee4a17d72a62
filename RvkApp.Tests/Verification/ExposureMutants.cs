namespace RvkApp.Tests.Verification;

/// <summary>Everything that gets a public address or can be called from outside.</summary>
internal static class ExposureMutants
{
    public static IEnumerable<Mutant> All =>
    [
        new("the task gets a public address", "no-public-ip", template => { template.Awsvpc["AssignPublicIp"] = "ENABLED"; return template.Service; }),
        new("the task does not say that it gets none", "no-public-ip", template => { template.Awsvpc.Remove("AssignPublicIp"); return template.Service; }),
        new("an Elastic IP of nothing", "no-public-ip", template => template.Add("Spare", "AWS::EC2::EIP", """{ "Domain": "vpc" }""")),
        new("a function URL", "single-entry", template => template.Add("Url", "AWS::Lambda::Url", $$"""{ "AuthType": "NONE", "TargetFunctionArn": { "Fn::GetAtt": ["{{template.Function}}", "Arn"] } }""")),
        new("a function URL with IAM", "reachability", template => template.Add("Url", "AWS::Lambda::Url", $$"""{ "AuthType": "AWS_IAM", "TargetFunctionArn": { "Ref": "{{template.Function}}" } }""")),
        new("anyone may invoke the function", "single-entry", template => template.Add("Anyone", "AWS::Lambda::Permission", $$"""{ "Action": "lambda:InvokeFunction", "Principal": "*", "FunctionName": { "Ref": "{{template.Function}}" } }""")),
        new("any API may invoke the function", "single-entry", template => { var id = template.Single("AWS::Lambda::Permission"); template.Properties(id).Remove("SourceArn"); return id; }),
        new("another account may invoke the function", "single-entry", template => template.Add("Account", "AWS::Lambda::Permission", $$"""{ "Action": "lambda:InvokeFunction", "Principal": "210987654321", "FunctionName": { "Ref": "{{template.Function}}" } }""")),
        new("an event source invokes the function", "reachability", template => template.Add("Source", "AWS::Lambda::EventSourceMapping", $$"""{ "EventSourceArn": "arn:aws:sqs:us-east-2:210987654321:q", "FunctionName": { "Ref": "{{template.Function}}" } }""")),
        new("the API may not invoke the function", "reachability", template => { template.Remove(template.Single("AWS::Lambda::Permission")); return template.Function; }),
        new("a second API", "single-entry", template => template.Add("Second", "AWS::ApiGatewayV2::Api", """{ "Name": "second", "ProtocolType": "HTTP" }""")),
        new("a REST API", "single-entry", template => template.Add("Rest", "AWS::ApiGateway::RestApi", """{ "Name": "rest" }""")),
        new("an instance in the public subnet", "reachability", template =>
        {
            template.Add("OpenGroup", "AWS::EC2::SecurityGroup", $$"""{ "GroupDescription": "open", "GroupName": "open", "VpcId": { "Ref": "{{template.Vpc}}" }, "SecurityGroupIngress": [{ "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0" }] }""");
            return template.Add("Bastion", "AWS::EC2::Instance", $$"""{ "NetworkInterfaces": [{ "AssociatePublicIpAddress": true, "DeviceIndex": "0", "SubnetId": { "Ref": "{{template.Subnet("10.0.1.0/24")}}" }, "GroupSet": [{ "Ref": "OpenGroup" }] }] }""");
        }),
        new("an instance with the function's group", "reachability", template => template.Add("Jump", "AWS::EC2::Instance",
            $$"""{ "SubnetId": { "Ref": "{{template.Subnet("10.0.2.0/24")}}" }, "SecurityGroupIds": [{ "Fn::GetAtt": ["{{template.Group("lambda")}}", "GroupId"] }] }""")),
        new("a load balancer", "no-public-ip", template => template.Add("Balancer", "AWS::ElasticLoadBalancingV2::LoadBalancer",
            $$"""{ "Subnets": [{ "Ref": "{{template.Subnet("10.0.1.0/24")}}" }], "SecurityGroups": [{ "Ref": "{{template.Group("lambda")}}" }] }""")),
        new("a public database", "no-public-ip", template => template.Add("Database", "AWS::RDS::DBInstance", $$"""{ "PubliclyAccessible": true, "VPCSecurityGroups": [{ "Ref": "{{template.Group("mongo")}}" }] }""")),
        new("a VPC endpoint with the file system's group", "group-per-tier", template => template.Add("Endpoint", "AWS::EC2::VPCEndpoint",
            $$"""{ "VpcEndpointType": "Interface", "VpcId": { "Ref": "{{template.Vpc}}" }, "ServiceName": "com.amazonaws.us-east-2.logs", "SubnetIds": [{ "Ref": "{{template.Subnet("10.0.4.0/24")}}" }], "SecurityGroupIds": [{ "Ref": "{{template.Group("efs")}}" }] }""")),
        new("a bucket anyone may read", "no-public-policy", template => template.Add("Public", "AWS::S3::BucketPolicy",
            """{ "Bucket": "b", "PolicyDocument": { "Statement": [{ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*" }] } }""")),
        new("a topic anyone may publish to", "single-entry", template => template.Add("Public", "AWS::SNS::TopicPolicy",
            """{ "Topics": [], "PolicyDocument": { "Statement": [{ "Effect": "Allow", "Principal": { "AWS": ["*"] }, "Action": "sns:Publish", "Resource": "*" }] } }""")),
    ];
}
