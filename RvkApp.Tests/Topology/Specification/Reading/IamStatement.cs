namespace RvkApp.Tests.Topology.Specification.Reading;

/// <summary>A statement of a policy.</summary>
/// <param name="Owner">The role that has it, or the resource whose policy it is.</param>
/// <param name="Statement">The statement.</param>
internal sealed record IamStatement(PublishedResource Owner, TemplateValue Statement)
{
    public bool Allows => Statement["Effect"].Text == "Allow";

    public IReadOnlyList<string> Actions => [.. Statement["Action"].OneOrMany.Select(a => a.Text)];

    public IReadOnlyList<TemplateValue> Resources => Statement["Resource"].OneOrMany;

    /// <summary>The service principals, such as <c>ecs-tasks.amazonaws.com</c>.</summary>
    public IReadOnlyList<string> Services => [.. Statement["Principal"]["Service"].OneOrMany.Select(p => p.Text)];

    public override string ToString() => $"{Owner.LogicalId} at {Statement.Path}";

    /// <summary>What the roles of the template may do: policies inside roles, policies attached to them, managed ones of the template.</summary>
    public static IReadOnlyList<IamStatement> OfRoles(PublishedTemplate template)
        =>
        [
            .. template.OfType("AWS::IAM::Role").SelectMany(role => role["Policies"].Items.SelectMany(policy => Read(role, policy["PolicyDocument"]))),
            .. template.Resources.Values.Where(r => r.Type is "AWS::IAM::Policy" or "AWS::IAM::ManagedPolicy" or "AWS::IAM::RolePolicy")
                .SelectMany(policy => RolesOf(policy).SelectMany(role => Read(role, policy["PolicyDocument"]))),
        ];

    /// <summary>What one role may do.</summary>
    public static IReadOnlyList<IamStatement> Of(PublishedTemplate template, PublishedResource role) => [.. OfRoles(template).Where(s => s.Owner == role)];

    /// <summary>The policies of resources: of buckets, topics, keys, file systems and the like, and who may assume a role.</summary>
    public static IReadOnlyList<IamStatement> OfResources(PublishedTemplate template)
        => [.. template.Resources.Values.SelectMany(r => new[] { "PolicyDocument", "KeyPolicy", "FileSystemPolicy", "ResourcePolicy", "AssumeRolePolicyDocument" }
            .Where(name => name != "PolicyDocument" || r.Type is not ("AWS::IAM::Policy" or "AWS::IAM::ManagedPolicy" or "AWS::IAM::RolePolicy"))
            .SelectMany(name => Read(r, r[name])))];

    private static IEnumerable<IamStatement> Read(PublishedResource owner, TemplateValue document)
        => document["Statement"].OneOrMany.Select(statement => new IamStatement(owner, statement));

    private static IEnumerable<PublishedResource> RolesOf(PublishedResource policy)
        => policy["Roles"].Items.Concat(policy["RoleName"].OneOrMany).SelectMany(role => role.Targets);
}
