using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>A statement of an IAM policy and the resource that has it.</summary>
/// <param name="Owner">The resource.</param>
/// <param name="Body">The statement.</param>
internal sealed record PolicyStatement(Resource Owner, Value Body)
{
    /// <summary>Whether it allows rather than denies; what the template does not tell is taken for allowing.</summary>
    public bool Allows => Body["Effect"]?.AsText != "Deny";

    /// <summary>The actions.</summary>
    public ImmutableArray<string> Actions => [.. (Body["Action"]?.Items ?? []).Select(action => action.ToString())];

    /// <summary>The resources.</summary>
    public ImmutableArray<Value> Resources => Body["Resource"]?.Items ?? [];

    /// <summary>Whether an action is allowed by name or by a pattern.</summary>
    public bool Names(string action) => Allows && Actions.Any(pattern => Matches(pattern, action));

    /// <summary>Whether a pattern of IAM, with <c>*</c> and <c>?</c>, matches an action; the case does not matter.</summary>
    public static bool Matches(string pattern, string action) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, action);
}

/// <summary>Reads the IAM policies of a template.</summary>
internal static class Policies
{
    /// <summary>The statements that a role has: its own, and those of the policies attached to it.</summary>
    public static IEnumerable<PolicyStatement> OfRole(World world, Resource? role)
    {
        if (role is null)
        {
            return [];
        }

        var attached = world.Resources.Where(policy => policy.Type is "AWS::IAM::Policy" or "AWS::IAM::ManagedPolicy" or "AWS::IAM::RolePolicy"
            && (policy.List("Roles").Any(name => (name as Reference)?.Id == role.Id) || (policy.At("RoleName") as Reference)?.Id == role.Id
                || role.List("ManagedPolicyArns").Any(arn => (arn as Reference)?.Id == policy.Id)));
        return Identity(role).Concat(attached.SelectMany(Identity));
    }

    /// <summary>The statements that a resource grants to identities.</summary>
    public static IEnumerable<PolicyStatement> Identity(Resource resource) => resource.Type switch
    {
        "AWS::IAM::Policy" or "AWS::IAM::ManagedPolicy" or "AWS::IAM::RolePolicy" or "AWS::IAM::UserPolicy" or "AWS::IAM::GroupPolicy" => Statements(resource, resource.At("PolicyDocument")),
        "AWS::IAM::Role" or "AWS::IAM::User" or "AWS::IAM::Group" => resource.List("Policies").SelectMany(policy => Statements(resource, policy["PolicyDocument"])),
        _ => [],
    };

    /// <summary>The statements of a document.</summary>
    public static IEnumerable<PolicyStatement> Statements(Resource owner, Value? document) => (document?["Statement"]?.Items ?? []).Select(body => new PolicyStatement(owner, body));

    /// <summary>
    /// The statements of a resource's own policies that allow anyone something without condition. A policy of a role says who may assume it, and is read the same way.
    /// </summary>
    public static IEnumerable<Value> OpenToAnyone(Resource resource)
    {
        var documents = resource.Properties.Descendants().Where(found => found.Name is "PolicyDocument" or "Policy" or "ResourcePolicy" or "KeyPolicy" or "FileSystemPolicy" or "AssumeRolePolicyDocument" or "RepositoryPolicyText" or "AccessPolicies")
            .Select(found => found.Value).OfType<Mapping>();
        return documents.SelectMany(document => document["Statement"]?.Items ?? []).Where(statement =>
            statement["Effect"]?.AsText != "Deny" && statement["Condition"] is null && IsAnyone(statement["Principal"]));
    }

    /// <summary>Whether a principal is everybody.</summary>
    public static bool IsAnyone(Value? principal) => principal?.AsText == "*" || (principal?["AWS"]?.Items ?? []).Any(item => item.AsText == "*");

    /// <summary>The role that a property names by its ARN or by <c>Ref</c>.</summary>
    public static Resource? Role(World world, Value? value) => value is Reference reference && world.Find(reference.Id) is { Type: "AWS::IAM::Role" } role ? role : null;
}
