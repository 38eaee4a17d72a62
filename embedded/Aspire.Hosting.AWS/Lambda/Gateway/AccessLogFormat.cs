using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>The format of an access log (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html), taken apart once.</summary>
internal sealed partial class AccessLogFormat
{
    private static readonly Dictionary<string, Action<StringBuilder, GatewayRequest, ApiGatewayOptions>> Variables = new(StringComparer.Ordinal)
    {
        ["accountId"] = (line, _, options) => line.Append(options.AccountId),
        ["apiId"] = (line, _, options) => Escape(line, options.ApiId),
        ["awsEndpointRequestId"] = (line, request, _) => Escape(line, request.InvocationId),
        ["awsEndpointRequestId2"] = (line, _, _) => line.Append('-'),
        ["dataProcessed"] = (line, request, _) => line.Append(CultureInfo.InvariantCulture, $"{request.ResponseLength + (request.Http.Headers.ContentLength ?? 0)}"),
        ["domainName"] = (line, request, _) => Escape(line, request.DomainName),
        ["domainPrefix"] = (line, request, _) => Escape(line, request.DomainName is var domain && domain.IndexOf('.') is >= 0 and var dot ? domain[..dot] : domain),
        ["error.message"] = (line, request, _) => Escape(line, request.Answer?.Message),
        ["error.messageString"] = (line, request, _) => line.Append('"').Append(request.Answer?.Message ?? "-").Append('"'),
        ["error.responseType"] = (line, request, _) => line.Append(request.Answer?.Kind ?? "-"),
        ["extendedRequestId"] = (line, request, _) => line.Append(request.Id),
        ["httpMethod"] = (line, request, _) => Escape(line, request.Http.Method),
        ["identity.sourceIp"] = (line, request, _) => line.Append(request.ClientIp),
        ["identity.userAgent"] = (line, request, _) => Escape(line, request.Http.Headers.UserAgent.ToString()),
        ["integration.error"] = (line, request, _) => Escape(line, request.IntegrationError),
        ["integration.integrationStatus"] = (line, request, _) => Number(line, request.InvocationStatus),
        ["integration.latency"] = (line, request, _) => Milliseconds(line, request.IntegrationTicks),
        ["integration.requestId"] = (line, request, _) => Escape(line, request.InvocationId),
        ["integration.status"] = (line, request, _) => Number(line, request.FunctionStatus),
        ["integrationErrorMessage"] = (line, request, _) => Escape(line, request.IntegrationError),
        ["integrationLatency"] = (line, request, _) => Milliseconds(line, request.IntegrationTicks),
        ["integrationStatus"] = (line, request, _) => Number(line, request.InvocationStatus),
        ["path"] = (line, request, _) => Escape(line, request.HasPath ? Encoding.UTF8.GetString(request.Path.Decoded) : request.Http.RawTarget),
        ["protocol"] = (line, request, _) => line.Append(EventWriter.Protocol(request.Http.Protocol)),
        ["requestId"] = (line, request, _) => line.Append(request.Id),
        ["requestTime"] = (line, request, _) => line.Append(EventWriter.Clf(request.Time).Encoded.Value),
        ["requestTimeEpoch"] = (line, request, _) => line.Append(CultureInfo.InvariantCulture, $"{request.Time.ToUnixTimeMilliseconds()}"),
        ["responseLatency"] = (line, request, _) => Milliseconds(line, Stopwatch.GetTimestamp() - request.StartedAt),
        ["responseLength"] = (line, request, _) => line.Append(CultureInfo.InvariantCulture, $"{request.ResponseLength}"),
        ["routeKey"] = (line, request, _) => Escape(line, request.Route?.Key),
        ["stage"] = (line, _, _) => line.Append("$default"),
        ["status"] = (line, request, _) => Number(line, request.ClientLeft ? null : request.Response.StatusCode),
    };

    private readonly List<Action<StringBuilder, GatewayRequest, ApiGatewayOptions>> _parts = [];

    /// <summary>Takes a format apart.</summary>
    /// <exception cref="DistributedApplicationException">It has a variable that is not known.</exception>
    public AccessLogFormat(string format)
    {
        var end = 0;
        foreach (var match in VariablePattern().Matches(format).Cast<Match>())
        {
            Literal(format[end..match.Index]);
            end = match.Index + match.Length;
            var name = match.Groups[1].Value;
            if (Variables.TryGetValue(name, out var variable))
            {
                _parts.Add(variable);
            }
            else if (name.StartsWith("authorizer.", StringComparison.Ordinal) || name.StartsWith("identity.", StringComparison.Ordinal) || name.StartsWith("customDomain.", StringComparison.Ordinal))
            {
                // Of what is not emulated, and therefore always absent.
                Literal("-");
            }
            else
            {
                throw ApiGatewayOptions.Invalid("AccessLog:Format", format, $"a text with variables that HTTP APIs have; $context.{name} is none");
            }
        }

        Literal(format[end..]);
    }

    /// <summary>Adds the text for a request.</summary>
    public void Append(StringBuilder line, GatewayRequest request, ApiGatewayOptions options)
    {
        foreach (var part in _parts)
        {
            part(line, request, options);
        }
    }

    private void Literal(string text)
    {
        if (text.Length > 0)
        {
            _parts.Add((line, _, _) => line.Append(text));
        }
    }

    // What a client sends neither ends a line nor a quoted text in it.
    private static void Escape(StringBuilder line, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            line.Append('-');
            return;
        }

        foreach (var c in text)
        {
            if (c is '"' or '\\')
            {
                line.Append('\\').Append(c);
            }
            else if (char.IsControl(c) || c is '\u2028' or '\u2029')
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                line.Append(c);
            }
        }
    }

    private static void Number(StringBuilder line, int? value)
    {
        if (value is { } number)
        {
            line.Append(CultureInfo.InvariantCulture, $"{number}");
        }
        else
        {
            line.Append('-');
        }
    }

    private static void Milliseconds(StringBuilder line, long? ticks) => Number(line, ticks is { } value ? (int)Math.Min(value * 1000 / Stopwatch.Frequency, int.MaxValue) : null);

    [GeneratedRegex(@"\$context\.([A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*)")]
    private static partial Regex VariablePattern();
}
