using Amazon.CDK;
using Amazon.CDK.AWS.SecretsManager;

namespace RvkApp.AppHost.Topology;

/// <summary>The two secrets, and where asked for that of the first administrator. Secrets Manager generates their values when the stack is made; no template, output or log has them.</summary>
internal sealed class Secrets
{
    public Secrets(Stack stack, TopologyOptions options)
    {
        MongoPassword = Create(stack, "MongoPassword", "mongo-password", "Root password of MongoDB", 32, RemovalPolicy.RETAIN);
        JwtSigningKey = Create(stack, "JwtSigningKey", "jwt-signing-key", "Key that signs the tokens of the school API", 64, RemovalPolicy.DESTROY);
        AdminPassword = options.FirstAdmin ? Create(stack, "AdminPassword", "admin-password", "Password of the first administrator of the school API", 24, RemovalPolicy.DESTROY) : null;
        OfApi = [MongoPassword, JwtSigningKey, .. AdminPassword is null ? (Secret[])[] : [AdminPassword]];
    }

    /// <summary>MongoDB's root password: kept when the stack is deleted, as the file system is, which cannot be opened without it.</summary>
    public Secret MongoPassword { get; }

    /// <summary>The key that signs tokens.</summary>
    public Secret JwtSigningKey { get; }

    /// <summary>The first administrator's password; <see langword="null"/> unless <see cref="TopologyOptions.FirstAdmin"/>.</summary>
    public Secret? AdminPassword { get; }

    /// <summary>What the API reads.</summary>
    public IReadOnlyList<Secret> OfApi { get; }

    private static Secret Create(Stack stack, string id, string name, string description, int length, RemovalPolicy removal)
    {
        // Unique to the stack, because a secret that is kept, or waits to be deleted, still owns its name.
        var stackId = Fn.Select(0, Fn.Split("-", Fn.Select(2, Fn.Split("/", Aws.STACK_ID))));
        var fullName = $"{SchoolStack.Project}/{name}/{stackId}";
        var secret = new CfnSecret(stack, id, new CfnSecretProps
        {
            Name = fullName,
            Description = description,
            // Letters and digits only: they mean the same in a shell, a URL and a connection string. 32 of them are 190 bits.
            GenerateSecretString = new CfnSecret.GenerateSecretStringProperty { PasswordLength = length, ExcludePunctuation = true },
        });
        secret.ApplyRemovalPolicy(removal);
        secret.Accept("AwsSolutions-SMG4", "MongoDB and the functions have to change over together, which rotation by schedule cannot do; docs/aws.md has the procedure.");
        return new Secret(secret.Ref, fullName);
    }

    /// <summary>A secret.</summary>
    /// <param name="Arn">Its ARN, a reference.</param>
    /// <param name="Name">Its name; Parameter Store shows it as <c>/aws/reference/secretsmanager/NAME</c>.</param>
    internal sealed record Secret(string Arn, string Name);
}
