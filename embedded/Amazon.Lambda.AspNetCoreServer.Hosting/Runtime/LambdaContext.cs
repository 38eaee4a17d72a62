using System.Globalization;
using System.Text.Json;
using Amazon.Lambda.AspNetCoreServer.Hosting.Formats;
using Amazon.Lambda.Core;
using Microsoft.Extensions.Logging;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>The invocation's context, from the headers of <c>next</c> and the environment variables that Lambda sets.</summary>
internal sealed class LambdaContext(Invocation invocation, ILambdaSerializer? serializer, ILogger logger) : ILambdaContext
{
    private IClientContext? _client;
    private ICognitoIdentity? _identity;

    public string AwsRequestId => invocation.RequestId;

    public string FunctionName => Variable("AWS_LAMBDA_FUNCTION_NAME") ?? "";

    public string FunctionVersion => Variable("AWS_LAMBDA_FUNCTION_VERSION") ?? "";

    public string InvokedFunctionArn => invocation.FunctionArn ?? "";

    public string? LogGroupName => Variable("AWS_LAMBDA_LOG_GROUP_NAME");

    public string? LogStreamName => Variable("AWS_LAMBDA_LOG_STREAM_NAME");

    public int MemoryLimitInMB
        => int.TryParse(Variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes) ? megabytes : 0;

    public TimeSpan RemainingTime => invocation.Deadline - DateTimeOffset.UtcNow;

    public string TraceId => invocation.TraceId ?? "";

    public string TenantId => invocation.TenantId ?? "";

    public ILambdaSerializer? Serializer => serializer;

    public ILambdaLogger Logger { get; } = new ContextLogger(logger);

    /// <exception cref="JsonException">The header is not JSON.</exception>
    public IClientContext? ClientContext => _client ??= invocation.ClientContext is { Length: > 0 } json ? MobileClientContext.Read(json) : null;

    /// <exception cref="JsonException">The header is not JSON.</exception>
    public ICognitoIdentity? Identity => _identity ??= invocation.CognitoIdentity is { Length: > 0 } json ? MobileIdentity.Read(json) : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    private sealed class MobileIdentity : ICognitoIdentity
    {
        public string? IdentityId { get; private set; }

        public string? IdentityPoolId { get; private set; }

        public static MobileIdentity Read(string text)
        {
            var json = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(text));
            var identity = new MobileIdentity();
            EventReader.Enter(ref json);
            while (EventReader.Next(ref json))
            {
                switch (json.GetString())
                {
                    case "cognitoIdentityId":
                        identity.IdentityId = EventObjectReader.Text(ref json);
                        break;
                    case "cognitoIdentityPoolId":
                        identity.IdentityPoolId = EventObjectReader.Text(ref json);
                        break;
                    default:
                        EventReader.Skip(ref json);
                        break;
                }
            }

            return identity;
        }
    }

    private sealed class MobileClientContext : IClientContext
    {
        public IDictionary<string, string>? Environment { get; private set; }

        public IClientApplication? Client { get; private set; }

        public IDictionary<string, string>? Custom { get; private set; }

        public static MobileClientContext Read(string text)
        {
            var json = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(text));
            var context = new MobileClientContext();
            EventReader.Enter(ref json);
            while (EventReader.Next(ref json))
            {
                switch (json.GetString())
                {
                    case "client":
                        context.Client = EventObjectReader.Map(ref json) is { } client ? new MobileApplication(client) : null;
                        break;
                    case "custom":
                        context.Custom = EventObjectReader.Map(ref json);
                        break;
                    case "env":
                        context.Environment = EventObjectReader.Map(ref json);
                        break;
                    default:
                        EventReader.Skip(ref json);
                        break;
                }
            }

            return context;
        }
    }

    private sealed class MobileApplication(Dictionary<string, string> client) : IClientApplication
    {
        public string? AppPackageName => client.GetValueOrDefault("app_package_name");

        public string? AppTitle => client.GetValueOrDefault("app_title");

        public string? AppVersionCode => client.GetValueOrDefault("app_version_code");

        public string? AppVersionName => client.GetValueOrDefault("app_version_name");

        public string? InstallationId => client.GetValueOrDefault("installation_id");
    }
}
