using Amazon.CDK;
using Amazon.CDK.AWS.IAM;

namespace RvkApp.AppHost.Topology;

/// <summary>Roles and statements, with everything they allow beside them in the template.</summary>
internal static class Iam
{
    /// <summary>A role that one service may take on behalf of this account, and nobody else.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="id">Its logical id.</param>
    /// <param name="service">Who takes it, such as <c>lambda.amazonaws.com</c>.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="statements">What it allows; none where a policy that refers to the role's own resource is attached later.</param>
    public static CfnRole CreateRole(Stack stack, string id, string service, string description, params PolicyStatement[] statements)
    {
        var trust = new PolicyStatement(new PolicyStatementProps
        {
            Actions = ["sts:AssumeRole"],
            Principals = [new ServicePrincipal(service)],
            // A service that acts for many accounts says for which. Lambda alone does not: there a function names its role, which takes a permission.
            Conditions = service == "lambda.amazonaws.com" ? null : When("StringEquals", "aws:SourceAccount", Aws.ACCOUNT_ID),
        });
        var role = new CfnRole(stack, id, new CfnRoleProps
        {
            Description = description,
            AssumeRolePolicyDocument = Document(trust),
            Policies = statements.Length == 0 ? null : new[] { new CfnRole.PolicyProperty { PolicyName = SchoolStack.Project, PolicyDocument = Document(statements) } },
        });
        return role;
    }

    /// <summary>A policy document.</summary>
    // As written: merging statements would lose what each is for.
    public static PolicyDocument Document(params PolicyStatement[] statements) => new(new PolicyDocumentProps { Statements = statements, Minimize = false });

    /// <summary>A statement that allows.</summary>
    public static PolicyStatement Allow(string sid, string[] actions, string[] resources, Dictionary<string, object>? conditions = null) =>
        new(new PolicyStatementProps { Sid = sid, Effect = Effect.ALLOW, Actions = actions, Resources = resources, Conditions = conditions });

    /// <summary>A statement that denies.</summary>
    public static PolicyStatement Deny(string sid, string[] actions, string[] resources, Dictionary<string, object> conditions) =>
        new(new PolicyStatementProps { Sid = sid, Effect = Effect.DENY, Actions = actions, Resources = resources, Conditions = conditions });

    /// <summary>A statement of a resource's own policy that lets a service in.</summary>
    public static PolicyStatement AllowService(string sid, string service, string[] actions, string[] resources, Dictionary<string, object>? conditions = null) =>
        new(new PolicyStatementProps { Sid = sid, Principals = [new ServicePrincipal(service)], Actions = actions, Resources = resources, Conditions = conditions });

    /// <summary>A statement of a resource's own policy that shuts everyone out whose connection is not encrypted.</summary>
    public static PolicyStatement DenyPlainText(string[] actions, string[] resources) => new(new PolicyStatementProps
    {
        Sid = "DenyPlainText",
        Effect = Effect.DENY,
        Principals = [new AnyPrincipal()],
        Actions = actions,
        Resources = resources,
        Conditions = When("Bool", "aws:SecureTransport", "false"),
    });

    /// <summary>A condition on one key.</summary>
    public static Dictionary<string, object> When(string test, string key, params string[] values) =>
        new() { [test] = new Dictionary<string, object> { [key] = values.Length == 1 ? values[0] : values } };

    /// <summary>The ARN of something in this account and region, wherever that is.</summary>
    public static string Arn(string service, string resource) => $"arn:{Aws.PARTITION}:{service}:{Aws.REGION}:{Aws.ACCOUNT_ID}:{resource}";
}
