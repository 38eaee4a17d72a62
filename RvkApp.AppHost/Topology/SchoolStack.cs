using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Lambda;
using Constructs;

namespace RvkApp.AppHost.Topology;

/// <summary>
/// The cloud topology, as docs/aws.md specifies it: the network, the three security groups, MongoDB on its file system, what the API
/// needs around its function, and what watches over all of it. The function itself comes from the model: <see cref="Attach"/>.
/// </summary>
/// <remarks>The template names neither account, region nor availability zone: it can be deployed anywhere.</remarks>
internal sealed class SchoolStack : Stack
{
    /// <summary>The name of the stack.</summary>
    public const string Name = "RvkApp";

    /// <summary>The project's name: the tag <c>Project</c>, and the name of everything that AWS lets us name.</summary>
    public const string Project = "rvk-school-mgmt";

    private readonly TopologyOptions _options;
    private readonly ApplicationTier _application;
    private readonly Alarms _alarms;

    public SchoolStack(Construct scope, string id, IStackProps props, TopologyOptions options)
        : base(scope, id, props)
    {
        _options = options;
        Amazon.CDK.Tags.Of(this).Add("Project", Project);
        Amazon.CDK.Tags.Of(this).Add("Environment", options.Environment);

        var network = new Network(this);
        var groups = new SecurityGroups(this, network.Cloud, options);
        DefaultSecurityGroup.Close(this, network.Cloud, options);

        var secrets = new Secrets(this, options);
        var taskRole = DataTier.CreateTaskRole(this);
        var storage = new StorageTier(this, network, groups, taskRole);
        var data = new DataTier(this, network, groups, storage, secrets, taskRole, options);
        _application = new ApplicationTier(this, network, groups, secrets, options);

        var notifications = new Notifications(this, options);
        var audit = new AuditTier(this, network, notifications, options);
        _alarms = new Alarms(this, notifications);
        _alarms.WatchNetwork(network, audit.FlowLog);
        _alarms.WatchData(data, storage);

        Parameters.Create(this, network, groups);
        Output("VpcId", "The VPC", network.Cloud.Ref);
        Output("MongoCluster", "The ECS cluster of MongoDB", data.Cluster.Ref);
        Output("MongoFileSystem", "MongoDB's file system, kept when the stack is deleted", storage.FileSystem.Ref);
        Output("MongoPasswordSecret", "Where MongoDB's root password is", secrets.MongoPassword.Arn);
        Output("AlertsTopic", "Where alarms and changes of security groups are told", notifications.Topic.Ref);

        MongoSecret = secrets.MongoPassword.Arn;
        JwtSecret = secrets.JwtSigningKey.Arn;
        AdminSecret = secrets.AdminPassword?.Arn;
        LambdaRole = Role.FromRoleArn(this, "ApiRoleReference", _application.Role.AttrArn, new FromRoleArnOptions { Mutable = false });
        LambdaSecurityGroup = SecurityGroup.FromSecurityGroupId(this, "LambdaGroupReference", groups.Id(Tier.Application), new SecurityGroupImportOptions { Mutable = false });
        LambdaNeeds = [.. network.ApplicationRoutes, .. groups.Between];
        Vpc = Amazon.CDK.AWS.EC2.Vpc.FromVpcAttributes(this, "VpcReference", new VpcAttributes
        {
            VpcId = network.Cloud.Ref,
            AvailabilityZones = [Network.Zone(0), Network.Zone(1)],
            PrivateSubnetIds = [.. network.ApplicationSubnets.Select(subnet => subnet.Ref)],
            PrivateSubnetRouteTableIds = [.. network.ApplicationSubnets.Select(_ => network.ApplicationTable.Ref)],
        });
        ApplicationSubnets = new SubnetSelection { Subnets = Vpc.PrivateSubnets };
    }

    /// <summary>The network, with the application subnets as its private ones.</summary>
    public IVpc Vpc { get; }

    /// <summary>Where the function's network interfaces are.</summary>
    public ISubnetSelection ApplicationSubnets { get; }

    /// <summary>The function's security group.</summary>
    public ISecurityGroup LambdaSecurityGroup { get; }

    /// <summary>The function's role; nothing can be added to it.</summary>
    public IRole LambdaRole { get; }

    /// <summary>The ARN of the secret with MongoDB's root password: a reference, never a value.</summary>
    public string MongoSecret { get; }

    /// <summary>The ARN of the secret with the key that signs tokens: a reference, never a value.</summary>
    public string JwtSecret { get; }

    /// <summary>The ARN of the secret with the first administrator's password; <see langword="null"/> unless asked for.</summary>
    public string? AdminSecret { get; }

    private IReadOnlyList<CfnResource> LambdaNeeds { get; }

    /// <summary>Places the function in this stack: its name, size, network, role and where it finds what it needs.</summary>
    /// <param name="props">The function's properties; the environment it already has is kept.</param>
    public void Place(FunctionProps props)
    {
        props.FunctionName = ApplicationTier.FunctionName;
        props.Description = "School Management API";
        props.MemorySize = _options.LambdaMemory;
        props.Timeout = Duration.Seconds(_options.LambdaTimeout);
        props.ReservedConcurrentExecutions = _options.LambdaConcurrency;
        props.Architecture = Architecture.X86_64;
        props.Vpc = Vpc;
        props.VpcSubnets = ApplicationSubnets;
        props.SecurityGroups = [LambdaSecurityGroup];
        props.Role = LambdaRole;
        props.LogGroup = Amazon.CDK.AWS.Logs.LogGroup.FromLogGroupName(this, "ApiLogReference", _application.Log.Ref);
        props.Environment = new Dictionary<string, string>(props.Environment ?? new Dictionary<string, string>())
        {
            ["Mongo__Host"] = DataTier.Host,
            ["Mongo__Port"] = Handshake.MongoPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Mongo__Database"] = "school",
            ["Mongo__UserName"] = MongoContainer.RootUser,
            ["Secrets__MongoPassword"] = MongoSecret,
            ["Secrets__JwtSigningKey"] = JwtSecret,
        };
        if (AdminSecret is not null)
        {
            props.Environment["Secrets__AdminPassword"] = AdminSecret;
        }
    }

    /// <summary>Adds what can exist only once the function does: the HTTP API before it and the alarms on both.</summary>
    /// <param name="api">The function that runs the API.</param>
    public void Attach(Function api)
    {
        var function = (CfnFunction)api.Node.DefaultChild!;
        function.OverrideLogicalId("ApiFunction");
        foreach (var needed in LambdaNeeds)
        {
            function.AddDependency(needed);
        }

        var gateway = new PublicApi(this, api, _options);
        _alarms.WatchApi(api.FunctionName, gateway.Api.Ref, _application.Log, _options);
        Output("ApiUrl", "The API", gateway.Api.AttrApiEndpoint);
    }

    private void Output(string id, string description, string value) => _ = new CfnOutput(this, id, new CfnOutputProps { Description = description, Value = value });
}
