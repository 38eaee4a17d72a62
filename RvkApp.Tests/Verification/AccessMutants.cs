using System.Text.Json.Nodes;

namespace RvkApp.Tests.Verification;

/// <summary>Roles, policies and secrets.</summary>
internal static class AccessMutants
{
    public static IEnumerable<Mutant> All =>
    [
        Allowing("every action", "iam-least-privilege", "*", "*"),
        Allowing("every action of a service", "iam-least-privilege", "s3:*", "arn:aws:s3:::b"),
        Allowing("every resource", "iam-least-privilege", "s3:GetObject", "*"),
        Allowing("every secret", "secret-access", "secretsmanager:GetSecretValue", "*"),
        Allowing("a secret of somebody else", "secret-access", "secretsmanager:Get*", "arn:aws:secretsmanager:us-east-2:210987654321:secret:x"),
        new("everything but one action", "iam-least-privilege", template => template.Add("Extra", "AWS::IAM::Policy",
            $$"""{ "Roles": [{ "Ref": "{{template.Role(template.Function, "Role")}}" }], "PolicyDocument": { "Statement": { "Effect": "Allow", "NotAction": "iam:PassRole", "Resource": "arn:aws:s3:::b" } } }""")),
        new("a managed policy of AWS", "iam-least-privilege", template => { template.Properties(template.Role(template.Function, "Role"))["ManagedPolicyArns"] = new JsonArray("arn:aws:iam::aws:policy/AdministratorAccess"); return "AdministratorAccess"; }),
        new("the function has the task's role", "iam-roles", template =>
        {
            template.Properties(template.Function)["Role"] = template.Properties(template.Task)["TaskRoleArn"]!.DeepClone();
            return template.Role(template.Task, "TaskRoleArn");
        }),
        new("one role for the task and its execution", "iam-roles", template =>
        {
            template.Properties(template.Task)["ExecutionRoleArn"] = template.Properties(template.Task)["TaskRoleArn"]!.DeepClone();
            return template.Role(template.Task, "TaskRoleArn");
        }),
        new("no task role", "troubleshooting", template => { template.Properties(template.Task).Remove("TaskRoleArn"); return template.Task; }),
        new("anyone may assume the function's role", "iam-roles", template =>
        {
            var role = template.Role(template.Function, "Role");
            template.Properties(role)["AssumeRolePolicyDocument"]!["Statement"]![0]!["Principal"] = new JsonObject { ["AWS"] = "*" };
            return role;
        }),
        Without("the execution role may not read the password", "troubleshooting", "ExecutionRoleArn", "secretsmanager:GetSecretValue"),
        Without("the execution role may not write logs", "troubleshooting", "ExecutionRoleArn", "logs:PutLogEvents"),
        new("the function may not make network interfaces", "troubleshooting", template => { Drop(template, template.Role(template.Function, "Role"), "ec2:CreateNetworkInterface"); return "ec2:CreateNetworkInterface"; }),
        new("the function may read one secret", "secret-access", template =>
        {
            template.Statements().Select(statement => (Action: statement["Action"], Resource: statement["Resource"])).First(statement => statement.Action?.ToString().Contains("GetSecretValue", StringComparison.Ordinal) == true && statement.Resource is JsonArray)
                .Resource!.AsArray().RemoveAt(0);
            return "not exactly two secrets";
        }),
        new("a literal secret", "secrets-never-literal", template =>
        {
            var secret = template.IdsOf("AWS::SecretsManager::Secret").First();
            template.Properties(secret).Remove("GenerateSecretString");
            template.Properties(secret)["SecretString"] = "secret";
            return secret;
        }),
        new("an output shows a secret", "secrets-never-literal", template =>
        {
            template.Root["Outputs"] = new JsonObject { ["Shown"] = new JsonObject { ["Value"] = new JsonObject { ["Fn::Sub"] = $"{{{{resolve:secretsmanager:${{{template.IdsOf("AWS::SecretsManager::Secret").First()}}}}}}}" } } };
            return "Outputs";
        }),
        new("a parameter with a secret", "secrets-never-literal", template =>
        {
            template.Root["Parameters"] = JsonNode.Parse("""{ "MongoPassword1": { "Type": "String", "NoEcho": true, "Default": "secret" } }""");
            return "MongoPassword1";
        }),
    ];

    private static Mutant Allowing(string what, string check, string action, string resource) => new($"the function may use {what}", check, template => template.Add("Extra", "AWS::IAM::Policy",
        $$"""{ "Roles": [{ "Ref": "{{template.Role(template.Function, "Role")}}" }], "PolicyDocument": { "Statement": [{ "Effect": "Allow", "Action": "{{action}}", "Resource": "{{resource}}" }] } }"""));

    private static Mutant Without(string name, string check, string property, string action) => new(name, check, template => { Drop(template, template.Role(template.Task, property), action); return action; });

    /// <summary>Takes an action away from a role, wherever its policies are.</summary>
    private static void Drop(TemplateEditor template, string role, string action)
    {
        foreach (var statement in template.Statements(role))
        {
            var actions = statement["Action"] is JsonArray list ? list.Select(entry => entry!.GetValue<string>()).ToArray() : [statement["Action"]!.GetValue<string>()];
            statement["Action"] = new JsonArray([.. actions.Where(entry => entry != action).DefaultIfEmpty("s3:GetObject").Select(entry => (JsonNode)entry)]);
        }
    }
}
