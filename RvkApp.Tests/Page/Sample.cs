using System.Collections.Immutable;
using RvkApp.AppHost.Topology.Page;
using RvkApp.AppHost.Verification;

namespace RvkApp.Tests.Page;

/// <summary>A small template written by hand, and reports on it as verification would write them.</summary>
internal static class Sample
{
    public const string Json = """
        {
          "Resources": {
            "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16", "Tags": [{ "Key": "Name", "Value": "RVK-lambda-vpc" }] } },
            "Igw": { "Type": "AWS::EC2::InternetGateway", "Properties": {} },
            "Public1": { "Type": "AWS::EC2::Subnet", "Properties": { "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.0.1.0/24", "AvailabilityZone": { "Fn::Select": [0, { "Fn::GetAZs": "" }] } } },
            "App1": { "Type": "AWS::EC2::Subnet", "Properties": { "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.0.2.0/24", "AvailabilityZone": { "Fn::Select": [0, { "Fn::GetAZs": "" }] } } },
            "App2": { "Type": "AWS::EC2::Subnet", "Properties": { "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.0.3.0/24", "AvailabilityZone": { "Fn::Select": [1, { "Fn::GetAZs": "" }] } } },
            "Data1": { "Type": "AWS::EC2::Subnet", "Properties": { "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.0.4.0/24", "AvailabilityZone": { "Fn::Select": [0, { "Fn::GetAZs": "" }] } } },
            "Data2": { "Type": "AWS::EC2::Subnet", "Properties": { "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.0.5.0/24", "AvailabilityZone": { "Fn::Select": [1, { "Fn::GetAZs": "" }] } } },
            "PublicTable": { "Type": "AWS::EC2::RouteTable", "Properties": { "VpcId": { "Ref": "Vpc" } } },
            "PublicRoute": { "Type": "AWS::EC2::Route", "Properties": { "RouteTableId": { "Ref": "PublicTable" }, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": { "Ref": "Igw" } } },
            "PublicAssociation": { "Type": "AWS::EC2::SubnetRouteTableAssociation", "Properties": { "RouteTableId": { "Ref": "PublicTable" }, "SubnetId": { "Ref": "Public1" } } },
            "NatAddress": { "Type": "AWS::EC2::EIP", "Properties": { "Domain": "vpc" } },
            "Nat": { "Type": "AWS::EC2::NatGateway", "Properties": { "SubnetId": { "Ref": "Public1" }, "AllocationId": { "Fn::GetAtt": ["NatAddress", "AllocationId"] } } },
            "LambdaGroup": { "Type": "AWS::EC2::SecurityGroup", "Properties": {
              "GroupName": "RVK-mongo-db-sg", "GroupDescription": "Lambda functions of the school API: they only initiate connections", "VpcId": { "Ref": "Vpc" },
              "SecurityGroupEgress": [
                { "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0", "Description": "CloudWatch Logs, SSM Parameter Store, AWS APIs, external integrations" },
                { "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "0.0.0.0/0", "Description": "Package downloads during builds" }],
              "Tags": [{ "Key": "Name", "Value": "RVK-mongo-db-sg" }, { "Key": "Tier", "Value": "Application" }] } },
            "MongoGroup": { "Type": "AWS::EC2::SecurityGroup", "Properties": {
              "GroupName": "RVK-ecs-mongo-sg", "GroupDescription": "MongoDB on ECS Fargate: reached by the Lambda functions only", "VpcId": { "Ref": "Vpc" },
              "SecurityGroupEgress": [
                { "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0", "Description": "CloudWatch Logs, ECS agent, ECR image pulls" },
                { "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "0.0.0.0/0", "Description": "Image pulls over HTTP" },
                { "IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "CidrIp": "0.0.0.0/0", "Description": "DNS for image pulls, service discovery registration, log endpoints" }],
              "Tags": [{ "Key": "Name", "Value": "RVK-ecs-mongo-sg" }, { "Key": "Tier", "Value": "Data" }] } },
            "EfsGroup": { "Type": "AWS::EC2::SecurityGroup", "Properties": {
              "GroupName": "mongo-efs-sg", "GroupDescription": "EFS file system of MongoDB: mounted by the MongoDB task only", "VpcId": { "Ref": "Vpc" },
              "SecurityGroupEgress": [{ "IpProtocol": "icmp", "FromPort": 252, "ToPort": 86, "CidrIp": "255.255.255.255/32", "Description": "Disallow all traffic" }],
              "Tags": [{ "Key": "Name", "Value": "mongo-efs-sg" }, { "Key": "Tier", "Value": "Storage" }] } },
            "LambdaToMongo": { "Type": "AWS::EC2::SecurityGroupEgress", "Properties": { "GroupId": { "Fn::GetAtt": ["LambdaGroup", "GroupId"] }, "DestinationSecurityGroupId": { "Fn::GetAtt": ["MongoGroup", "GroupId"] }, "IpProtocol": "tcp", "FromPort": 27017, "ToPort": 27017, "Description": "Query and write MongoDB found by service discovery" } },
            "MongoFromLambda": { "Type": "AWS::EC2::SecurityGroupIngress", "Properties": { "GroupId": { "Fn::GetAtt": ["MongoGroup", "GroupId"] }, "SourceSecurityGroupId": { "Fn::GetAtt": ["LambdaGroup", "GroupId"] }, "IpProtocol": "tcp", "FromPort": 27017, "ToPort": 27017, "Description": "MongoDB wire protocol from the Lambda functions only" } },
            "MongoToEfs": { "Type": "AWS::EC2::SecurityGroupEgress", "Properties": { "GroupId": { "Fn::GetAtt": ["MongoGroup", "GroupId"] }, "DestinationSecurityGroupId": { "Fn::GetAtt": ["EfsGroup", "GroupId"] }, "IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "Description": "Mount /data/db from EFS" } },
            "EfsFromMongo": { "Type": "AWS::EC2::SecurityGroupIngress", "Properties": { "GroupId": { "Fn::GetAtt": ["EfsGroup", "GroupId"] }, "SourceSecurityGroupId": { "Fn::GetAtt": ["MongoGroup", "GroupId"] }, "IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "Description": "NFS from the MongoDB task only" } },
            "Api": { "Type": "AWS::ApiGatewayV2::Api", "Properties": { "Name": "rvk-school-mgmt", "ProtocolType": "HTTP" } },
            "Helper": { "Type": "AWS::Lambda::Function", "Properties": { "Handler": "index.handler", "Runtime": "nodejs20.x" } },
            "Function": { "Type": "AWS::Lambda::Function", "Properties": { "MemorySize": 512, "Timeout": 30, "ReservedConcurrentExecutions": 200,
              "VpcConfig": { "SecurityGroupIds": [{ "Fn::GetAtt": ["LambdaGroup", "GroupId"] }], "SubnetIds": [{ "Ref": "App1" }, { "Ref": "App2" }] } } },
            "Task": { "Type": "AWS::ECS::TaskDefinition", "Properties": { "Cpu": "256", "Memory": "512", "ContainerDefinitions": [{ "Name": "mongo", "Image": "public.ecr.aws/docker/library/mongo:8.0.13" }] } },
            "Service": { "Type": "AWS::ECS::Service", "Properties": { "DesiredCount": 1, "TaskDefinition": { "Ref": "Task" },
              "NetworkConfiguration": { "AwsvpcConfiguration": { "AssignPublicIp": "DISABLED", "SecurityGroups": [{ "Fn::GetAtt": ["MongoGroup", "GroupId"] }], "Subnets": [{ "Ref": "Data1" }, { "Ref": "Data2" }] } } } },
            "Files": { "Type": "AWS::EFS::FileSystem", "Properties": { "Encrypted": true, "ThroughputMode": "bursting", "BackupPolicy": { "Status": "ENABLED" }, "LifecyclePolicies": [{ "TransitionToIA": "AFTER_30_DAYS" }] } },
            "Target1": { "Type": "AWS::EFS::MountTarget", "Properties": { "FileSystemId": { "Ref": "Files" }, "SubnetId": { "Ref": "Data1" }, "SecurityGroups": [{ "Fn::GetAtt": ["EfsGroup", "GroupId"] }] } },
            "Target2": { "Type": "AWS::EFS::MountTarget", "Properties": { "FileSystemId": { "Ref": "Files" }, "SubnetId": { "Ref": "Data2" }, "SecurityGroups": [{ "Fn::GetAtt": ["EfsGroup", "GroupId"] }] } },
            "ApiLog": { "Type": "AWS::Logs::LogGroup", "Properties": { "RetentionInDays": 30 } },
            "VpcIdParameter": { "Type": "AWS::SSM::Parameter", "Properties": { "Name": "/school-mgmt/vpc/id", "Type": "String", "Value": { "Ref": "Vpc" }, "Description": "The VPC" } }
          },
          "Outputs": { "ApiUrl": { "Description": "Where the API answers", "Value": { "Fn::GetAtt": ["Api", "ApiEndpoint"] } } }
        }
        """;

    public static TopologyPageFacts Facts { get; } = new(
        "Production",
        [new("Aws:Region", "us-east-2", "where deploy and audit go"), new("Aws:AllowHttpEgress", "true", "whether plain HTTP (TCP 80) may leave")],
        [new("Deploy", "dotnet run --project RvkApp.AppHost -- --operation publish --step deploy")]);

    /// <summary>Everything is as meant.</summary>
    public static VerificationReport Passing { get; } = new(
        "RvkApp.template.json",
        true,
        [
            Held("checklist-01", CheckKind.Checklist, "Lambda SG allows out to the MongoDB SG on 27017", "LambdaToMongo", "RVK-mongo-db-sg out: TCP 27017 to RVK-ecs-mongo-sg"),
            Held("checklist-09", CheckKind.Checklist, "No security group allows in from 0.0.0.0/0 (or ::/0)", "MongoGroup", "RVK-ecs-mongo-sg in: only from groups"),
            Held("mirror-rules", CheckKind.Invariant, "Every rule between two groups has its mirror", "MongoFromLambda", "TCP 27017, both ends"),
        ],
        [
            Allowed("internet", "api", "https", "443", ("Api", "the HTTP API's endpoint")),
            Allowed("api", "lambda", "invoke", "", ("Function", "the integration invokes the function")),
            Allowed("lambda", "mongo", "tcp", "27017", ("LambdaToMongo", "RVK-mongo-db-sg out: TCP 27017 to RVK-ecs-mongo-sg"), ("MongoFromLambda", "RVK-ecs-mongo-sg in: TCP 27017 from RVK-mongo-db-sg")),
            Allowed("lambda", "internet", "tcp", "443", ("LambdaGroup", "RVK-mongo-db-sg out: TCP 443 to 0.0.0.0/0"), ("Nat", "10.0.2.0/24 and 10.0.3.0/24: 0.0.0.0/0 to the NAT gateway")),
            Allowed("lambda", "internet", "tcp", "80", ("LambdaGroup", "RVK-mongo-db-sg out: TCP 80 to 0.0.0.0/0")),
            Allowed("mongo", "efs", "tcp", "2049", ("MongoToEfs", "RVK-ecs-mongo-sg out: TCP 2049 to mongo-efs-sg"), ("EfsFromMongo", "mongo-efs-sg in: TCP 2049 from RVK-ecs-mongo-sg")),
            Allowed("mongo", "internet", "tcp", "443", ("MongoGroup", "RVK-ecs-mongo-sg out: TCP 443 to 0.0.0.0/0")),
            Allowed("mongo", "internet", "tcp", "80", ("MongoGroup", "RVK-ecs-mongo-sg out: TCP 80 to 0.0.0.0/0")),
            Allowed("mongo", "internet", "udp", "53", ("MongoGroup", "RVK-ecs-mongo-sg out: UDP 53 to 0.0.0.0/0")),
        ],
        [
            new("lambda-cannot-connect", "Lambda cannot connect to MongoDB", [], [new("LambdaToMongo", "the rule out of the Lambda group"), new("MongoFromLambda", "the rule into the MongoDB group")]),
            new("image-pull", "The ECS task cannot pull its image (PENDING, PROVISIONING)", [], [new("MongoGroup", "TCP 443 out, and a route to the NAT gateway")]),
            new("efs-mount", "MongoDB cannot mount EFS (mount failed)", [], [new("MongoToEfs", "the rule out of the MongoDB group")]),
            new("no-logs", "No CloudWatch logs from ECS", [], [new("MongoGroup", "TCP 443 out")]),
        ]);

    /// <summary>One flow is missing, one is extra, and one comes from a resource that has no place in the picture.</summary>
    public static VerificationReport Failing { get; } = Passing with
    {
        Passed = false,
        Checks =
        [
            .. Passing.Checks.Select(check => check.Id == "checklist-09"
                ? check with
                {
                    Passed = false,
                    Evidence = [],
                    Problems = [new("MongoGroup", "RVK-ecs-mongo-sg lets in TCP 27017 from 0.0.0.0/0", "Remove the rule: the Lambda group's rule is enough")],
                }
                : check),
        ],
        Flows =
        [
            .. Passing.Flows.Select(flow => flow.To == "efs"
                ? flow with { State = FlowState.Missing, Evidence = [], Problems = [new(null, "mongo-efs-sg has no rule in for TCP 2049 from RVK-ecs-mongo-sg", "Add it"), new("MongoToEfs", "RVK-ecs-mongo-sg lets out TCP 2050 and not 2049", "Set the port to 2049")] }
                : flow),
            new("internet", "mongo", "tcp", "27017", FlowState.Extra, [new("MongoGroup", "RVK-ecs-mongo-sg in: TCP 27017 from 0.0.0.0/0")], [new("MongoGroup", "RVK-ecs-mongo-sg in: TCP 27017 from 0.0.0.0/0 opens it", "Remove the rule")]),
            new("Bastion", "mongo", "tcp", "0-65535", FlowState.Extra, [], [new("Bastion", "its group may reach every port of RVK-ecs-mongo-sg", "Remove the instance")]),
        ],
        Diagnoses =
        [
            .. Passing.Diagnoses.Select(diagnosis => diagnosis.Id == "efs-mount"
                ? diagnosis with { Causes = [new(null, "mongo-efs-sg has no rule in for TCP 2049 from RVK-ecs-mongo-sg", "Add it")] }
                : diagnosis),
        ],
    };

    public static Template Template { get; } = Template.Parse(Json, "RvkApp.template.json");

    public static string Page(VerificationReport report) => TopologyPage.Render(Template, report, Facts);

    private static CheckResult Held(string id, CheckKind kind, string title, string logicalId, string text) => new(id, kind, title, true, [new(logicalId, text)], []);

    private static FlowResult Allowed(string from, string to, string protocol, string ports, params ImmutableArray<(string Id, string Text)> evidence)
        => new(from, to, protocol, ports, FlowState.Allowed, [.. evidence.Select(item => new Evidence(item.Id, item.Text))], []);
}
