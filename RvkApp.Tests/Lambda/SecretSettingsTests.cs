using Microsoft.Extensions.Configuration;
using RvkApp.Api.Platform.Lambda;
using RvkApp.Api.Platform.Startup;

namespace RvkApp.Tests.Lambda;

/// <summary>What the function makes of the names of its secrets.</summary>
public sealed class SecretSettingsTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("p@ss/w:rd%")]
    [InlineData("{not json")]
    [InlineData("""{"username":"admin","password":"p@ss/w:rd%"}""")]
    public async Task Secrets_become_the_settings_of_the_api(string secret)
    {
        await using var store = await ParameterStore.StartAsync();
        store.Secrets["school/mongo"] = secret;
        store.Secrets["jwt"] = Key;
        store.Secrets["admin-AbCdEf"] = "the first one";
        var configuration = Configuration(("Secrets:MongoPassword", ParameterStore.Arn("school/mongo")), ("Secrets:JwtSigningKey", ParameterStore.Arn("jwt")), ("Secrets:AdminPassword", "admin-AbCdEf"));

        await SecretSettings.AddAsync(configuration, store.Environment().GetValueOrDefault);

        var password = Uri.EscapeDataString(secret.Contains("username", StringComparison.Ordinal) ? "p@ss/w:rd%" : secret);
        Assert.Equal($"mongodb://ad%3Amin:{password}@mongo.local:27018/school?authSource=admin&authMechanism=SCRAM-SHA-256", configuration["ConnectionStrings:school"]);
        Assert.Equal(Key, configuration["Jwt:SigningKey"]);
        Assert.Equal("the first one", configuration["Admin:Password"]);
        Assert.Single(store.Requests);
    }

    [Fact]
    public async Task The_request_is_signed_for_the_region_and_with_the_session()
    {
        await using var store = await ParameterStore.StartAsync();
        store.Secrets["jwt"] = Key;
        await SecretSettings.AddAsync(Configuration(("Secrets:JwtSigningKey", "jwt")), store.Environment().GetValueOrDefault);

        var headers = Assert.Single(store.Requests);
        Assert.Equal("AmazonSSM.GetParameters", headers["x-amz-target"]);
        Assert.Equal("session-token", headers["x-amz-security-token"]);
        Assert.Matches(
            "^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/[0-9]{8}/us-east-2/ssm/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$",
            headers["authorization"]);
    }

    [Fact]
    public async Task Without_secrets_nobody_is_asked_and_nothing_is_needed()
    {
        var configuration = new ConfigurationManager();
        await SecretSettings.AddAsync(configuration, _ => null);
        Assert.Null(configuration["ConnectionStrings:school"]);
    }

    [Theory]
    [InlineData(400, "ThrottlingException")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(500, "InternalServerError")]
    public async Task A_busy_parameter_store_is_asked_again(int status, string type)
    {
        await using var store = await ParameterStore.StartAsync();
        store.Secrets["jwt"] = Key;
        store.Errors.Enqueue((status, type));
        var configuration = Configuration(("Secrets:JwtSigningKey", "jwt"));

        await SecretSettings.AddAsync(configuration, store.Environment().GetValueOrDefault);

        Assert.Equal(Key, configuration["Jwt:SigningKey"]);
        Assert.Equal(2, store.Requests.Count);
    }

    [Fact]
    public async Task A_refusal_names_the_secret_and_the_permissions()
    {
        await using var store = await ParameterStore.StartAsync();
        store.Errors.Enqueue((400, "com.amazonaws.ssm#AccessDeniedException"));

        var message = await RefusedAsync(store, ("Secrets:JwtSigningKey", ParameterStore.Arn("jwt")));
        Assert.Contains("Secrets:JwtSigningKey (secret 'jwt') cannot be read (AccessDeniedException: as the test wants)", message, StringComparison.Ordinal);
        Assert.Contains("ssm:GetParameters on parameter/aws/reference/secretsmanager/jwt and secretsmanager:GetSecretValue", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_is_not_there_is_named()
    {
        await using var store = await ParameterStore.StartAsync();
        store.Secrets["jwt"] = Key;
        var message = await RefusedAsync(store, ("Secrets:JwtSigningKey", "jwt"), ("Secrets:MongoPassword", "gone"));
        Assert.Contains("There is no secret with a value for Secrets:MongoPassword (secret 'gone') in us-east-2", message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_json_secret_without_a_password_is_refused_without_showing_it()
    {
        await using var store = await ParameterStore.StartAsync();
        store.Secrets["mongo"] = """{"pass":"hidden"}""";
        var message = await RefusedAsync(store, ("Secrets:MongoPassword", "mongo"));
        Assert.Contains("a JSON object without a text 'password'", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mongo:Host", "", "Mongo:Host is not set")]
    [InlineData("Mongo:Port", "many", "Mongo:Port is 'many'")]
    [InlineData("Mongo:Database", " ", "Mongo:Database is not set")]
    [InlineData("Mongo:UserName", "", "Mongo:UserName is not set")]
    [InlineData("Secrets:MongoPassword", "arn:aws:s3:::bucket", "not the ARN of a secret")]
    public async Task A_wrong_setting_is_one_sentence(string key, string value, string sentence)
    {
        await using var store = await ParameterStore.StartAsync();
        Assert.Contains(sentence, await RefusedAsync(store, ("Secrets:MongoPassword", "mongo"), (key, value)), StringComparison.Ordinal);
        Assert.Empty(store.Requests);
    }

    [Theory]
    [InlineData("AWS_ACCESS_KEY_ID")]
    [InlineData("AWS_SECRET_ACCESS_KEY")]
    [InlineData("AWS_REGION")]
    public async Task A_missing_variable_is_named(string variable)
    {
        await using var store = await ParameterStore.StartAsync();
        var environment = store.Environment();
        environment.Remove(variable);
        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => SecretSettings.AddAsync(Configuration(("Secrets:JwtSigningKey", "jwt")), environment.GetValueOrDefault));
        Assert.StartsWith($"{variable} is not set", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arn:aws:secretsmanager:us-east-2:123456789012:secret:rvk/mongo-x1-AbCd3f", "rvk/mongo-x1")]
    [InlineData("arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:name-aaaaaa", "name")]
    [InlineData("arn:aws:secretsmanager:us-east-2:123456789012:secret:name", "name")]
    [InlineData("just-a-name-AbCdEf", "just-a-name-AbCdEf")]
    public void A_secret_is_named_by_its_arn_or_its_name(string value, string name)
        => Assert.Equal(name, SecretReference.Read(Configuration(("Secrets:JwtSigningKey", value)), "Secrets:JwtSigningKey")!.SecretName);

    private static async Task<string> RefusedAsync(ParameterStore store, params (string Key, string Value)[] settings)
        => (await Assert.ThrowsAsync<ConfigurationException>(() => SecretSettings.AddAsync(Configuration(settings), store.Environment().GetValueOrDefault))).Message;

    private static ConfigurationManager Configuration(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Mongo:Host"] = "mongo.local", ["Mongo:Port"] = "27018", ["Mongo:Database"] = "school", ["Mongo:UserName"] = "ad:min" });
        foreach (var (key, value) in settings)
        {
            configuration[key] = value;
        }

        return configuration;
    }
}
