namespace Aspire.Hosting.AWS.Deployment;

/// <summary>On a property or field of the stack: it is the default VPC (an <see cref="Amazon.CDK.AWS.EC2.IVpc"/>).</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class DefaultVpcAttribute : Attribute;

/// <summary>On a property or field of the stack: it is the default ECS cluster (an <see cref="Amazon.CDK.AWS.ECS.ICluster"/>).</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class DefaultECSClusterAttribute : Attribute;

/// <summary>On a property or field of the stack: it is the default security group of ECS services (an <see cref="Amazon.CDK.AWS.EC2.ISecurityGroup"/>).</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class DefaultECSClusterSecurityGroupAttribute : Attribute;

/// <summary>On a property or field of the stack: it is the default execution role of ECS express services (an <see cref="Amazon.CDK.AWS.IAM.IRole"/>).</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class DefaultECSExpressExecutionRoleAttribute : Attribute;

/// <summary>On a property or field of the stack: it is the default infrastructure role of ECS express services (an <see cref="Amazon.CDK.AWS.IAM.IRole"/>).</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class DefaultECSExpressInfrastructureRoleAttribute : Attribute;

/// <summary>On a property or field of the stack: it is the default subnet group of ElastiCache clusters (a <see cref="Amazon.CDK.AWS.ElastiCache.CfnSubnetGroup"/>).</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class DefaultElastiCacheCfnSubnetGroupAttribute : Attribute;

/// <summary>On a property or field of the stack: it is the default security group of ElastiCache clusters (an <see cref="Amazon.CDK.AWS.EC2.ISecurityGroup"/>).</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class DefaultElastiCacheNodeSecurityGroupAttribute : Attribute;

/// <summary>On a property or field of the stack: it is the default security group of serverless ElastiCache clusters (an <see cref="Amazon.CDK.AWS.EC2.ISecurityGroup"/>).</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class DefaultElastiCacheServerlessSecurityGroupAttribute : Attribute;
