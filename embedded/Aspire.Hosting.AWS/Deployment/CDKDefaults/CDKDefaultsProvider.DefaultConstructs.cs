using System.Reflection;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.ElastiCache;
using Amazon.CDK.AWS.IAM;

namespace Aspire.Hosting.AWS.Deployment.CDKDefaults;

public partial class CDKDefaultsProvider
{
    private IVpc? _vpc;
    private ICluster? _ecsCluster;
    private ISecurityGroup? _ecsClusterSecurityGroup;
    private IRole? _ecsExpressExecutionRole;
    private IRole? _ecsExpressInfrastructureRole;
    private CfnSubnetGroup? _elastiCacheSubnetGroup;
    private ISecurityGroup? _elastiCacheSecurityGroup;
    private ISecurityGroup? _elastiCacheServerlessSecurityGroup;

    /// <summary>The default VPC: the one the stack marks with <see cref="DefaultVpcAttribute"/>, else one that is created now.</summary>
    /// <returns>The construct.</returns>
    public IVpc GetDefaultVpc() => _vpc ??= Find<DefaultVpcAttribute, IVpc>() ?? CreateDefaultVpc();

    /// <summary>The default ECS cluster: the one the stack marks with <see cref="DefaultECSClusterAttribute"/>, else one that is created now.</summary>
    /// <returns>The construct.</returns>
    public ICluster GetDefaultECSCluster() => _ecsCluster ??= Find<DefaultECSClusterAttribute, ICluster>() ?? CreateDefaultECSCluster();

    /// <summary>The default security group of ECS services: the one the stack marks with <see cref="DefaultECSClusterSecurityGroupAttribute"/>, else one that is created now.</summary>
    /// <returns>The construct.</returns>
    public ISecurityGroup GetDefaultECSClusterSecurityGroup() => _ecsClusterSecurityGroup ??= Find<DefaultECSClusterSecurityGroupAttribute, ISecurityGroup>() ?? CreateDefaultECSClusterSecurityGroup();

    /// <summary>The default execution role of ECS express services: the one the stack marks with <see cref="DefaultECSExpressExecutionRoleAttribute"/>, else one that is created now.</summary>
    /// <returns>The construct.</returns>
    public IRole GetDefaultECSExpressExecutionRole() => _ecsExpressExecutionRole ??= Find<DefaultECSExpressExecutionRoleAttribute, IRole>() ?? CreateDefaultECSExpressExecutionRole();

    /// <summary>The default infrastructure role of ECS express services: the one the stack marks with <see cref="DefaultECSExpressInfrastructureRoleAttribute"/>, else one that is created now.</summary>
    /// <returns>The construct.</returns>
    public IRole GetDefaultECSExpressInfrastructureRole() => _ecsExpressInfrastructureRole ??= Find<DefaultECSExpressInfrastructureRoleAttribute, IRole>() ?? CreateDefaultECSExpressInfrastructureRole();

    /// <summary>The default subnet group of ElastiCache clusters: the one the stack marks with <see cref="DefaultElastiCacheCfnSubnetGroupAttribute"/>, else one that is created now.</summary>
    /// <returns>The construct.</returns>
    public CfnSubnetGroup GetDefaultElastiCacheCfnSubnetGroup() => _elastiCacheSubnetGroup ??= Find<DefaultElastiCacheCfnSubnetGroupAttribute, CfnSubnetGroup>() ?? CreateDefaultElastiCacheCfnSubnetGroup();

    /// <summary>The default security group of ElastiCache clusters: the one the stack marks with <see cref="DefaultElastiCacheNodeSecurityGroupAttribute"/>, else one that is created now.</summary>
    /// <returns>The construct.</returns>
    public ISecurityGroup GetDefaultElastiCacheProvisionClusterSecurityGroup() => _elastiCacheSecurityGroup ??= Find<DefaultElastiCacheNodeSecurityGroupAttribute, ISecurityGroup>() ?? CreateDefaultElastiCacheProvisionClusterSecurityGroup();

    /// <summary>The default security group of serverless ElastiCache clusters: the one the stack marks with <see cref="DefaultElastiCacheServerlessSecurityGroupAttribute"/>, else one that is created now.</summary>
    /// <returns>The construct.</returns>
    public ISecurityGroup GetDefaultElastiCacheServerlessClusterSecurityGroup() => _elastiCacheServerlessSecurityGroup ??= Find<DefaultElastiCacheServerlessSecurityGroupAttribute, ISecurityGroup>() ?? CreateDefaultElastiCacheServerlessClusterSecurityGroup();

    /// <summary>The subnets of the default VPC for what is attached to it: two private ones, or public ones where there are no others.</summary>
    /// <returns>Their ids.</returns>
    protected internal virtual string[] GetDefaultVpcSubnetIds()
    {
        var vpc = GetDefaultVpc();
        return [.. (vpc.PrivateSubnets is { Length: > 0 } subnets ? subnets : vpc.PublicSubnets).Take(2).Select(s => s.SubnetId)];
    }

    /// <summary>Creates the default VPC of a stack that marks none.</summary>
    /// <returns>The construct.</returns>
    protected virtual IVpc CreateDefaultVpc()
        => new Vpc(_environment.CDKStack, "DefaultVPC", new VpcProps { MaxAzs = 2 });

    /// <summary>Creates the default ECS cluster of a stack that marks none.</summary>
    /// <returns>The construct.</returns>
    protected virtual ICluster CreateDefaultECSCluster()
        => new Cluster(_environment.CDKStack, "DefaultECSCluster", new ClusterProps { Vpc = GetDefaultVpc() });

    /// <summary>Creates the default security group of ECS services of a stack that marks none.</summary>
    /// <returns>The construct.</returns>
    protected virtual ISecurityGroup CreateDefaultECSClusterSecurityGroup()
        => CreateSecurityGroup("DefaultECSClusterSecurityGroup");

    /// <summary>Creates the default execution role of ECS express services of a stack that marks none.</summary>
    /// <returns>The construct.</returns>
    protected virtual IRole CreateDefaultECSExpressExecutionRole()
        => CreateRole("DefaultECSExpressExecutionRole", "ecs-tasks.amazonaws.com", "AmazonEC2ContainerRegistryReadOnly", "CloudWatchLogsFullAccess");

    /// <summary>Creates the default infrastructure role of ECS express services of a stack that marks none.</summary>
    /// <returns>The construct.</returns>
    protected virtual IRole CreateDefaultECSExpressInfrastructureRole()
        => CreateRole("DefaultECSExpressInfrastructureRole", "ecs.amazonaws.com", "service-role/AmazonECSInfrastructureRoleforExpressGatewayServices");

    /// <summary>Creates the default subnet group of ElastiCache clusters of a stack that marks none.</summary>
    /// <returns>The construct.</returns>
    protected virtual CfnSubnetGroup CreateDefaultElastiCacheCfnSubnetGroup()
        => new CfnSubnetGroup(_environment.CDKStack, "DefaultElastiCacheSubnetGroup", new CfnSubnetGroupProps
        {
            Description = "Subnets of ElastiCache clusters",
            SubnetIds = GetDefaultVpcSubnetIds(),
        });

    /// <summary>Creates the default security group of ElastiCache clusters of a stack that marks none.</summary>
    /// <returns>The construct.</returns>
    protected virtual ISecurityGroup CreateDefaultElastiCacheProvisionClusterSecurityGroup()
        => CreateSecurityGroup("DefaultElastiCacheProvisionClusterSecurityGroup");

    /// <summary>Creates the default security group of serverless ElastiCache clusters of a stack that marks none.</summary>
    /// <returns>The construct.</returns>
    protected virtual ISecurityGroup CreateDefaultElastiCacheServerlessClusterSecurityGroup()
        => CreateSecurityGroup("DefaultElastiCacheServerlessClusterSecurityGroup");

    private SecurityGroup CreateSecurityGroup(string id)
    {
        // Out only what every service needs, AWS's own interfaces: whatever else it talks to is a rule that somebody writes down.
        var group = new SecurityGroup(_environment.CDKStack, id, new SecurityGroupProps { Vpc = GetDefaultVpc(), AllowAllOutbound = false });
        group.AddEgressRule(Peer.AnyIpv4(), Port.Tcp(443), "AWS interfaces");
        return group;
    }

    private Role CreateRole(string id, string service, params string[] policies) => new(_environment.CDKStack, id, new RoleProps
    {
        AssumedBy = new ServicePrincipal(service),
        ManagedPolicies = [.. policies.Select(ManagedPolicy.FromAwsManagedPolicyName)],
    });

    private TConstruct? Find<TAttribute, TConstruct>() where TAttribute : Attribute where TConstruct : class
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var stack = _environment.CDKStack;
        var marked = stack.GetType().GetProperties(Any).Cast<MemberInfo>().Concat(stack.GetType().GetFields(Any)).FirstOrDefault(m => m.IsDefined(typeof(TAttribute), inherit: true));
        var value = marked switch
        {
            PropertyInfo property => property.GetValue(stack),
            FieldInfo field => field.GetValue(stack),
            _ => null,
        };
        return value switch
        {
            null => null,
            TConstruct construct => construct,
            _ => throw new DistributedApplicationException(
                $"'{stack.GetType().Name}.{marked!.Name}' is marked with [{typeof(TAttribute).Name[..^"Attribute".Length]}], but it is a {value.GetType().Name}, not an {typeof(TConstruct).Name}."),
        };
    }
}
