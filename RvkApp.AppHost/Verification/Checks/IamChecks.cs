namespace RvkApp.AppHost.Verification;

/// <summary>Roles: one a workload, each with no more than it needs.</summary>
internal static class IamChecks
{
    /// <summary>Actions of which the Service Authorization Reference names no resource type, so that their resource can only be <c>*</c>.</summary>
    private static readonly HashSet<string> WithoutResource = new(StringComparer.OrdinalIgnoreCase)
    {
        "ecr:GetAuthorizationToken",
        "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "ec2:DescribeVpcs", "ec2:DescribeAvailabilityZones",
        "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
        "cloudwatch:PutMetricData", "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:GetSamplingStatisticSummaries",
        "logs:DescribeLogGroups", "logs:CreateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
        "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel", "sts:GetCallerIdentity",
    };

    /// <summary>No action is <c>*</c>, and no resource unless the API knows none.</summary>
    public static Check LeastPrivilege(CheckContext context)
    {
        var check = new Check("iam-least-privilege", "No policy allows every action of a service, and none names every resource where the API has resources to name");
        foreach (var statement in context.World.Resources.SelectMany(Policies.Identity).Where(statement => statement.Allows))
        {
            var owner = statement.Owner.Id;
            foreach (var (key, fix) in new[] { ("NotAction", "list the actions in Action"), ("NotResource", "list the resources in Resource") })
            {
                if (statement.Body[key] is { } except)
                {
                    check.Fails(owner, $"{owner} allows everything but {except} ({key})", fix);
                }
            }

            foreach (var action in statement.Actions.Where(action => action == "*" || action.EndsWith(":*", StringComparison.Ordinal) || !action.Contains(':', StringComparison.Ordinal)))
            {
                check.Fails(owner, $"{owner} allows the action {action}", "list the actions that are used");
            }

            var isAnywhere = statement.Resources.Any(resource => resource.AsText == "*");
            var scoped = isAnywhere ? statement.Actions.Where(action => !WithoutResource.Contains(action)).ToArray() : [];
            check.Expect(scoped.Length == 0, owner, $"{owner} allows {string.Join(", ", statement.Actions)} on {(isAnywhere ? "* (the API names no resources)" : string.Join(", ", statement.Resources))}",
                $"{owner} allows {string.Join(", ", scoped)} on every resource", "name the ARNs in Resource");
        }

        foreach (var role in context.World.OfType("AWS::IAM::Role"))
        {
            foreach (var arn in role.List("ManagedPolicyArns").Where(arn => arn is not Reference reference || context.World.Find(reference.Id) is null).Concat(Boundless(role)))
            {
                // What the policy of AWS allows is not in the template; of this one it is known, and it is what only writing its own log needs.
                var isBasic = arn.ToString().EndsWith(":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", StringComparison.Ordinal) && !IsOfWorkload(context, role);
                check.Expect(isBasic, role.Id, $"{role.Id} has {arn}, which lets it write logs", $"{role.Id} has the managed policy {arn}, of which the template does not tell what it allows", "write the statements that are needed into a policy of the template");
            }
        }

        return check;
    }

    /// <summary>Function, task and task execution have a role each, which only their service assumes.</summary>
    public static Check Roles(CheckContext context)
    {
        var check = new Check("iam-roles", "Function, MongoDB's task and its execution have a role each, assumed by their service only");
        var (function, task) = (context.Targets.Function, context.Targets.Task);
        var roles = new[]
        {
            (Of: "the function", Owner: function, Role: Policies.Role(context.World, function?.At("Role")), Service: "lambda.amazonaws.com"),
            (Of: "MongoDB's task", Owner: task, Role: Policies.Role(context.World, task?.At("TaskRoleArn")), Service: "ecs-tasks.amazonaws.com"),
            (Of: "the execution of MongoDB's task", Owner: task, Role: Policies.Role(context.World, task?.At("ExecutionRoleArn")), Service: "ecs-tasks.amazonaws.com"),
        };
        foreach (var (of, owner, role, service) in roles)
        {
            if (role is null)
            {
                check.Fails(owner?.Id, $"{of} has no role of the template", "add an AWS::IAM::Role and name its ARN");
                continue;
            }

            var principals = Policies.Statements(role, role.At("AssumeRolePolicyDocument")).Where(statement => statement.Allows).Select(statement => statement.Body["Principal"]).ToArray();
            check.Expect(principals.Length > 0 && principals.All(principal => principal?["Service"]?.Items is [var only] && only.ToString() == service && principal["AWS"] is null), role.Id,
                $"{role.Id} of {of} is assumed by {service} only", $"{role.Id} of {of} may be assumed by {string.Join(", ", principals.Select(principal => principal?.ToString() ?? "nobody"))}", $"let AssumeRolePolicyDocument name {service} only");
        }

        foreach (var shared in roles.Where(entry => entry.Role is not null).GroupBy(entry => entry.Role!.Id).Where(same => same.Count() > 1))
        {
            check.Fails(shared.Key, $"{string.Join(" and ", shared.Select(entry => entry.Of))} share the role {shared.Key}", "give each a role of its own");
        }

        return check;
    }

    /// <summary>No policy lets anyone in.</summary>
    public static Check PublicPolicies(CheckContext context)
    {
        var check = new Check("no-public-policy", "No resource policy lets anyone in without a condition");
        foreach (var resource in context.World.Resources)
        {
            foreach (var statement in Policies.OpenToAnyone(resource))
            {
                check.Fails(resource.Id, $"{resource.Id} lets anyone {statement["Action"]}", "name the principals, or add a Condition");
            }
        }

        check.Holds("Resources", $"{context.World.Resources.Length} resources looked at");
        return check;
    }

    private static bool IsOfWorkload(CheckContext context, Resource role) =>
        context.Targets.Function?.At("Role")?.Mentions(role.Id) == true || context.Targets.Task?.Properties.Mentions(role.Id) == true;

    private static IEnumerable<Value> Boundless(Resource role) => role.At("ManagedPolicyArns") is Opaque opaque ? [opaque] : [];
}
