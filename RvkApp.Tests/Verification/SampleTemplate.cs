using System.Text.Json.Nodes;

namespace RvkApp.Tests.Verification;

/// <summary>
/// A small template of the topology, written by hand and in another manner than the CDK writes: separate rules, protocols by number, numbers as text,
/// <c>Fn::Sub</c>, attributes as one text, parameters. Verification must not depend on who wrote a template.
/// </summary>
internal static class SampleTemplate
{
    private const string Tags = """[{ "Key": "Name", "Value": "#" }, { "Key": "Tier", "Value": "%" }, { "Key": "Environment", "Value": "test" }, { "Key": "Project", "Value": "school" }]""";

    /// <summary>The template in JSON.</summary>
    public static string Json { get; } = Create();

    private static string Create()
    {
        var resources = new JsonObject();
        void Add(string id, string type, string properties) => resources[id] = new JsonObject { ["Type"] = type, ["Properties"] = JsonNode.Parse(properties) };
        Network(Add);
        Groups(Add);
        Storage(Add);
        Mongo(Add);
        Api(Add);
        Records(Add);
        resources["Files"]!["DeletionPolicy"] = "Retain";
        resources["Files"]!["UpdateReplacePolicy"] = "Retain";
        return new JsonObject
        {
            ["Parameters"] = JsonNode.Parse("""{ "VpcRange": { "Type": "String", "Default": "10.0.0.0/16" }, "MongoPort": { "Type": "Number", "Default": 27017 } }"""),
            ["Mappings"] = JsonNode.Parse("""{ "Ports": { "Nfs": { "Number": "2049" } } }"""),
            ["Resources"] = resources,
        }.ToJsonString();
    }

    private static void Network(Action<string, string, string> add)
    {
        add("Vpc", "AWS::EC2::VPC", """{ "CidrBlock": { "Ref": "VpcRange" }, "EnableDnsSupport": "true", "EnableDnsHostnames": "true", "Tags": [{ "Key": "Name", "Value": "RVK-lambda-vpc" }] }""");
        add("Gateway", "AWS::EC2::InternetGateway", "{}");
        add("Attachment", "AWS::EC2::VPCGatewayAttachment", """{ "VpcId": { "Ref": "Vpc" }, "InternetGatewayId": { "Ref": "Gateway" } }""");
        add("Address", "AWS::EC2::EIP", """{ "Domain": "vpc" }""");
        add("Nat", "AWS::EC2::NatGateway", """{ "SubnetId": { "Ref": "Subnet1" }, "AllocationId": { "Fn::GetAtt": "Address.AllocationId" } }""");
        add("PublicTable", "AWS::EC2::RouteTable", """{ "VpcId": { "Ref": "Vpc" } }""");
        add("PrivateTable", "AWS::EC2::RouteTable", """{ "VpcId": { "Ref": "Vpc" } }""");
        add("PublicRoute", "AWS::EC2::Route", """{ "RouteTableId": { "Ref": "PublicTable" }, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": { "Ref": "Gateway" } }""");
        add("PrivateRoute", "AWS::EC2::Route", """{ "RouteTableId": { "Ref": "PrivateTable" }, "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": { "Ref": "Nat" } }""");
        for (var number = 1; number <= 5; number++)
        {
            // 10.0.1.0/24, 10.0.2.0/24 and 10.0.4.0/24 are in the first zone.
            var zone = number is 3 or 5 ? 1 : 0;
            add($"Subnet{number}", "AWS::EC2::Subnet", $$"""{ "VpcId": { "Ref": "Vpc" }, "CidrBlock": { "Fn::Select": ["{{number}}", { "Fn::Cidr": [{ "Fn::GetAtt": ["Vpc", "CidrBlock"] }, 6, 8] }] }, "AvailabilityZone": { "Fn::Select": [{{zone}}, { "Fn::GetAZs": { "Ref": "AWS::Region" } }] } }""");
            add($"Routes{number}", "AWS::EC2::SubnetRouteTableAssociation", $$"""{ "SubnetId": { "Ref": "Subnet{{number}}" }, "RouteTableId": { "Ref": "{{(number == 1 ? "PublicTable" : "PrivateTable")}}" } }""");
        }

        add("CloserRole", "AWS::IAM::Role", """{ "AssumeRolePolicyDocument": { "Statement": { "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "Service": "lambda.amazonaws.com" } } }, "ManagedPolicyArns": [{ "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole" }], "Policies": [{ "PolicyName": "p", "PolicyDocument": { "Statement": [{ "Effect": "Allow", "Action": ["ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress"], "Resource": { "Fn::Sub": "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:security-group/${Vpc.DefaultSecurityGroup}" } }] } }] }""");
        add("Closer", "AWS::Lambda::Function", """{ "Code": { "ZipFile": "x" }, "Role": { "Fn::GetAtt": "CloserRole.Arn" } }""");
        add("Closed", "Custom::VpcRestrictDefaultSG", """{ "ServiceToken": { "Fn::GetAtt": "Closer.Arn" }, "DefaultSecurityGroupId": { "Fn::GetAtt": "Vpc.DefaultSecurityGroup" } }""");
    }

    private static void Groups(Action<string, string, string> add)
    {
        const string Nothing = """{ "IpProtocol": "-1", "CidrIp": "127.0.0.1/32", "Description": "nothing" }""";
        void Group(string id, string name, string tier) => add(id, "AWS::EC2::SecurityGroup", $$"""{ "GroupName": "{{name}}", "GroupDescription": "{{tier}}", "VpcId": { "Ref": "Vpc" }, "SecurityGroupEgress": [{{Nothing}}], "Tags": {{Tags.Replace("#", name, StringComparison.Ordinal).Replace("%", tier, StringComparison.Ordinal)}} }""");
        Group("FunctionGroup", "RVK-mongo-db-sg", "Application");
        Group("MongoGroup", "RVK-ecs-mongo-sg", "Data");
        Group("FilesGroup", "mongo-efs-sg", "Storage");

        void Rule(string id, bool isEgress, string group, string protocol, string port, string peer) => add(id, isEgress ? "AWS::EC2::SecurityGroupEgress" : "AWS::EC2::SecurityGroupIngress",
            $$"""{ "GroupId": { "Ref": "{{group}}" }, "IpProtocol": "{{protocol}}", "FromPort": {{port}}, "ToPort": {{port}}, {{peer}}, "Description": "why {{id}}" }""");
        const string Anywhere = "\"CidrIp\": \"0.0.0.0/0\"", Port = """{ "Ref": "MongoPort" }""", Nfs = """{ "Fn::FindInMap": ["Ports", "Nfs", "Number"] }""";
        Rule("FunctionToMongo", true, "FunctionGroup", "6", Port, """ "DestinationSecurityGroupId": { "Fn::GetAtt": "MongoGroup.GroupId" } """);
        Rule("FunctionHttps", true, "FunctionGroup", "6", "\"443\"", Anywhere);
        Rule("FunctionHttp", true, "FunctionGroup", "tcp", "80", Anywhere);
        Rule("MongoFromFunction", false, "MongoGroup", "tcp", Port, """ "SourceSecurityGroupId": { "Ref": "FunctionGroup" } """);
        Rule("MongoToFiles", true, "MongoGroup", "tcp", Nfs, """ "DestinationSecurityGroupId": { "Ref": "FilesGroup" } """);
        Rule("MongoHttps", true, "MongoGroup", "tcp", "443", Anywhere);
        Rule("MongoHttp", true, "MongoGroup", "tcp", "80", Anywhere);
        Rule("MongoDns", true, "MongoGroup", "17", "53", Anywhere);
        Rule("FilesFromMongo", false, "FilesGroup", "tcp", Nfs, """ "SourceSecurityGroupId": { "Ref": "MongoGroup" } """);
    }

    private static void Storage(Action<string, string, string> add)
    {
        add("Files", "AWS::EFS::FileSystem", """{ "Encrypted": true, "BackupPolicy": { "Status": "ENABLED" } }""");
        add("Point", "AWS::EFS::AccessPoint", """{ "FileSystemId": { "Ref": "Files" }, "PosixUser": { "Uid": "999", "Gid": "999" }, "RootDirectory": { "Path": "/db", "CreationInfo": { "OwnerUid": "999", "OwnerGid": "999", "Permissions": "700" } } }""");
        foreach (var subnet in new[] { 4, 5 })
        {
            add($"Target{subnet}", "AWS::EFS::MountTarget", $$"""{ "FileSystemId": { "Ref": "Files" }, "SubnetId": { "Ref": "Subnet{{subnet}}" }, "SecurityGroups": [{ "Fn::GetAtt": "FilesGroup.GroupId" }] }""");
        }
    }

    private static void Mongo(Action<string, string, string> add)
    {
        Role(add, "TaskRole", "ecs-tasks", """{ "Effect": "Allow", "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"], "Resource": { "Fn::GetAtt": "Files.Arn" } }""");
        Role(add, "ExecutionRole", "ecs-tasks", """{ "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": { "Fn::GetAtt": "Log.Arn" } }, { "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": { "Ref": "Password" } }""");
        add("Log", "AWS::Logs::LogGroup", """{ "RetentionInDays": 30 }""");
        add("Task", "AWS::ECS::TaskDefinition", """
            {
              "Cpu": 256, "Memory": 512, "NetworkMode": "awsvpc", "RequiresCompatibilities": ["FARGATE"],
              "TaskRoleArn": { "Fn::GetAtt": "TaskRole.Arn" }, "ExecutionRoleArn": { "Fn::GetAtt": "ExecutionRole.Arn" },
              "Volumes": [{ "Name": "db", "EFSVolumeConfiguration": { "FilesystemId": { "Ref": "Files" }, "TransitEncryption": "ENABLED", "AuthorizationConfig": { "AccessPointId": { "Ref": "Point" }, "IAM": "ENABLED" } } }],
              "ContainerDefinitions": [{
                "Name": "mongo", "Image": "mongo:8.0.12", "User": "999:999", "ReadonlyRootFilesystem": "true", "StopTimeout": 120,
                "Command": ["mongod", "--wiredTigerCacheSizeGB", "0.25"],
                "HealthCheck": { "Command": ["CMD", "mongosh"], "StartPeriod": 60 },
                "PortMappings": [{ "ContainerPort": { "Ref": "MongoPort" } }],
                "MountPoints": [{ "SourceVolume": "db", "ContainerPath": "/data/db" }],
                "Secrets": [{ "Name": "MONGO_INITDB_ROOT_PASSWORD", "ValueFrom": { "Fn::Sub": "${Password}:password::" } }],
                "LogConfiguration": { "LogDriver": "awslogs", "Options": { "awslogs-group": { "Ref": "Log" }, "awslogs-region": { "Ref": "AWS::Region" }, "awslogs-stream-prefix": "mongo" } }
              }]
            }
            """);
        add("Space", "AWS::ServiceDiscovery::PrivateDnsNamespace", """{ "Name": "local", "Vpc": { "Ref": "Vpc" } }""");
        add("Discovery", "AWS::ServiceDiscovery::Service", """{ "Name": "mongo", "DnsConfig": { "NamespaceId": { "Fn::GetAtt": "Space.Id" }, "DnsRecords": [{ "Type": "A", "TTL": 10 }] } }""");
        add("Service", "AWS::ECS::Service", """
            {
              "LaunchType": "FARGATE", "PlatformVersion": "1.4.0", "DesiredCount": "1", "TaskDefinition": { "Ref": "Task" }, "ServiceRegistries": [{ "RegistryArn": { "Fn::GetAtt": "Discovery.Arn" } }],
              "DeploymentConfiguration": { "MinimumHealthyPercent": 0, "MaximumPercent": 100, "DeploymentCircuitBreaker": { "Enable": true, "Rollback": true } },
              "NetworkConfiguration": { "AwsvpcConfiguration": { "AssignPublicIp": "DISABLED", "SecurityGroups": [{ "Ref": "MongoGroup" }], "Subnets": { "Fn::Split": [",", { "Fn::Sub": "${Subnet4},${Subnet5}" }] } } }
            }
            """);
    }

    private static void Api(Action<string, string, string> add)
    {
        add("Password", "AWS::SecretsManager::Secret", """{ "GenerateSecretString": { "PasswordLength": 32 } }""");
        add("SigningKey", "AWS::SecretsManager::Secret", """{ "GenerateSecretString": { "PasswordLength": 64 } }""");
        Role(add, "FunctionRole", "lambda", """
            { "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": [{ "Ref": "Password" }, { "Ref": "SigningKey" }] },
            { "Effect": "Allow", "Action": ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"], "Resource": "*" }
            """);
        add("Function", "AWS::Lambda::Function", """
            {
              "MemorySize": 512, "Timeout": 30, "ReservedConcurrentExecutions": 200, "Code": { "S3Bucket": "b", "S3Key": "k" }, "Role": { "Fn::GetAtt": "FunctionRole.Arn" },
              "Environment": { "Variables": { "Mongo__Host": { "Fn::Join": [".", ["mongo", "local"]] }, "Secrets__MongoPassword": { "Ref": "Password" } } },
              "VpcConfig": { "SubnetIds": [{ "Ref": "Subnet2" }, { "Ref": "Subnet3" }], "SecurityGroupIds": [{ "Ref": "FunctionGroup" }] }
            }
            """);
        add("Api", "AWS::ApiGatewayV2::Api", """{ "Name": "school", "ProtocolType": "HTTP", "CorsConfiguration": { "AllowOrigins": ["*"] } }""");
        add("Integration", "AWS::ApiGatewayV2::Integration", """{ "ApiId": { "Ref": "Api" }, "IntegrationType": "AWS_PROXY", "PayloadFormatVersion": "2.0", "IntegrationUri": { "Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations" } }""");
        add("Root", "AWS::ApiGatewayV2::Route", """{ "ApiId": { "Ref": "Api" }, "RouteKey": "ANY /", "Target": { "Fn::Sub": "integrations/${Integration}" } }""");
        add("Proxy", "AWS::ApiGatewayV2::Route", """{ "ApiId": { "Ref": "Api" }, "RouteKey": "ANY /{proxy+}", "Target": { "Fn::Sub": "integrations/${Integration}" } }""");
        add("Stage", "AWS::ApiGatewayV2::Stage", """{ "ApiId": { "Ref": "Api" }, "StageName": "$default", "AutoDeploy": true, "AccessLogSettings": { "DestinationArn": { "Fn::GetAtt": "Log.Arn" }, "Format": "f" }, "DefaultRouteSettings": { "ThrottlingBurstLimit": 1, "ThrottlingRateLimit": 1 } }""");
        add("Permission", "AWS::Lambda::Permission", """{ "Action": "lambda:InvokeFunction", "FunctionName": { "Ref": "Function" }, "Principal": "apigateway.amazonaws.com", "SourceArn": { "Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*" } }""");
    }

    private static void Records(Action<string, string, string> add)
    {
        add("FlowLog", "AWS::EC2::FlowLog", """{ "ResourceId": { "Ref": "Vpc" }, "TrafficType": "ALL", "LogGroupName": { "Ref": "Log" } }""");
        add("Trail", "AWS::CloudTrail::Trail", """{ "IsLogging": true, "EnableLogFileValidation": true, "S3BucketName": "b" }""");
        add("Key", "AWS::KMS::Key", """{ "KeyPolicy": {} }""");
        add("Topic", "AWS::SNS::Topic", """{ "KmsMasterKeyId": { "Ref": "Key" } }""");
        add("TopicPolicy", "AWS::SNS::TopicPolicy", """{ "Topics": [{ "Ref": "Topic" }], "PolicyDocument": { "Statement": { "Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": { "Ref": "Topic" }, "Condition": { "Bool": { "aws:SecureTransport": "false" } } } } }""");
        add("Changes", "AWS::Events::Rule", """{ "Targets": [{ "Id": "t", "Arn": { "Ref": "Topic" } }], "EventPattern": { "detail": { "eventName": ["AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup", "ModifySecurityGroupRules", "UpdateSecurityGroupRuleDescriptionsIngress", "UpdateSecurityGroupRuleDescriptionsEgress", "ModifyNetworkInterfaceAttribute"] } } }""");
        foreach (var (id, pattern) in new[] { ("Rejected", "REJECT"), ("Failed", "failed") })
        {
            add($"{id}Filter", "AWS::Logs::MetricFilter", $$"""{ "LogGroupName": { "Ref": "Log" }, "FilterPattern": "{{pattern}}", "MetricTransformations": [{ "MetricNamespace": "school", "MetricName": "{{id}}", "MetricValue": "1" }] }""");
        }

        foreach (var metric in new[] { "school Rejected", "school Failed", "AWS/Lambda Errors", "AWS/Lambda Throttles", "AWS/Lambda Duration", "AWS/ApiGateway 5xx", "ECS/ContainerInsights RunningTaskCount", "AWS/EFS PercentIOLimit", "AWS/EFS BurstCreditBalance", "AWS/NATGateway ErrorPortAllocation" })
        {
            var (space, name) = (metric.Split(' ')[0], metric.Split(' ')[1]);
            add($"{name}Alarm", "AWS::CloudWatch::Alarm", $$"""{ "Namespace": "{{space}}", "MetricName": "{{name}}", "AlarmActions": [{ "Ref": "Topic" }] }""");
        }

        foreach (var (id, name, value) in new[] { ("Id1", "vpc/id", "${Vpc}"), ("Id2", "vpc/lambda-private-subnets", "${Subnet2},${Subnet3}"), ("Id3", "vpc/ecs-private-subnets", "${Subnet4},${Subnet5}"), ("Id4", "lambda-sg-id", "${FunctionGroup}"), ("Id5", "db/mongo-sg-id", "${MongoGroup.GroupId}") })
        {
            add(id, "AWS::SSM::Parameter", $$"""{ "Type": "String", "Name": "/school-mgmt/{{name}}", "Value": { "Fn::Sub": "{{value}}" } }""");
        }
    }

    private static void Role(Action<string, string, string> add, string id, string service, string statements) => add(id, "AWS::IAM::Role",
        $$"""{ "AssumeRolePolicyDocument": { "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "Service": "{{service}}.amazonaws.com" } }] }, "Policies": [{ "PolicyName": "p", "PolicyDocument": { "Statement": [{{statements}}] } }] }""");
}
