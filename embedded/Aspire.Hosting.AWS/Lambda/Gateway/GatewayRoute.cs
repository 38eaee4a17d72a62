using System.Text;
using System.Text.Json;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>One segment of a route's path: plain text, or a variable.</summary>
/// <param name="Text">The plain text in UTF-8; null for a variable.</param>
/// <param name="Variable">The variable's name; null for plain text.</param>
internal readonly record struct RouteSegment(byte[]? Text, JsonEncodedText? Variable);

/// <summary>A route of an HTTP API: a method, a path and the function that it leads to (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).</summary>
internal sealed class GatewayRoute
{
    /// <summary>The path of the route that takes what no other takes.</summary>
    public const string DefaultPath = "$default";

    private GatewayRoute(Method method, string path, string function, RouteSegment[] segments, bool isGreedy)
    {
        Method = method;
        Path = path;
        Function = function;
        Segments = segments;
        IsGreedy = isGreedy;
        Key = path == DefaultPath ? DefaultPath : $"{method.ToString().ToUpperInvariant()} {path}";
        EncodedKey = JsonEncodedText.Encode(Key);
    }

    /// <summary>The method.</summary>
    public Method Method { get; }

    /// <summary>The path.</summary>
    public string Path { get; }

    /// <summary>The function that it leads to.</summary>
    public string Function { get; }

    /// <summary>The path's segments: one, which is empty, for <c>/</c>, and none for <c>$default</c>.</summary>
    public IReadOnlyList<RouteSegment> Segments { get; }

    /// <summary>Whether the last segment takes the rest of the path.</summary>
    public bool IsGreedy { get; }

    /// <summary>The route's key, for instance <c>GET /pets/{id}</c>.</summary>
    public string Key { get; }

    /// <summary>The key, as JSON has it.</summary>
    public JsonEncodedText EncodedKey { get; }

    /// <summary>Whether it takes what no other takes.</summary>
    public bool IsDefault => Path == DefaultPath;

    /// <summary>Whether there is a variable in its path.</summary>
    public bool HasVariables => Segments.Any(s => s.Variable is not null);

    /// <summary>Creates a route.</summary>
    /// <exception cref="ArgumentException">The method is none, or the path is malformed.</exception>
    public static GatewayRoute Create(Method method, string path, string function)
    {
        if (!Enum.IsDefined(method))
        {
            throw new ArgumentException($"{(int)method} is no method of {nameof(Lambda.Method)}.", nameof(method));
        }

        if (path == DefaultPath)
        {
            return method == Method.Any
                ? new GatewayRoute(method, path, function, [], isGreedy: false)
                : throw Malformed(path, $"the route {DefaultPath} is for every method: use {nameof(Lambda.Method)}.{nameof(Method.Any)}");
        }

        if (!path.StartsWith('/'))
        {
            throw Malformed(path, "it does not start with '/'");
        }

        return path == "/" ? new GatewayRoute(method, path, function, [new RouteSegment([], null)], isGreedy: false) : WithSegments(method, path, function);
    }

    /// <summary>Whether two routes take the same requests.</summary>
    public bool IsSameAs(GatewayRoute other)
        => Method == other.Method && IsDefault == other.IsDefault && IsGreedy == other.IsGreedy && Segments.Count == other.Segments.Count
            && Segments.Zip(other.Segments).All(pair => pair.First.Text is { } text ? pair.Second.Text is { } otherText && text.AsSpan().SequenceEqual(otherText) : pair.Second.Text is null);

    private static GatewayRoute WithSegments(Method method, string path, string function)
    {
        var parts = path[1..].Split('/');
        var names = new HashSet<string>(StringComparer.Ordinal);
        var segments = new RouteSegment[parts.Length];
        var isGreedy = false;
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            if (part.Length == 0)
            {
                throw Malformed(path, i == parts.Length - 1 ? "it ends with '/'" : "it has an empty segment");
            }

            if (!part.StartsWith('{'))
            {
                segments[i] = new RouteSegment(Text(path, part), null);
                continue;
            }

            if (!part.EndsWith('}'))
            {
                throw Malformed(path, $"'{part}' is not a whole variable; a variable is a whole segment, as in /pets/{{id}}");
            }

            var name = part[1..^1];
            if (name.EndsWith('+'))
            {
                name = name[..^1];
                isGreedy = i == parts.Length - 1 ? true : throw Malformed(path, $"the greedy variable '{part}' is not the last segment");
            }

            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-'))
            {
                throw Malformed(path, $"the variable '{part}' has no name of letters, digits and . _ : -");
            }

            segments[i] = names.Add(name) ? new RouteSegment(null, JsonEncodedText.Encode(name)) : throw Malformed(path, $"the variable '{name}' is in it twice");
        }

        return new GatewayRoute(method, path, function, segments, isGreedy);
    }

    private static byte[] Text(string path, string segment)
        => segment.All(c => char.IsAsciiLetterOrDigit(c) || "-._~:@!$&'()*,;=".Contains(c, StringComparison.Ordinal))
            ? Encoding.UTF8.GetBytes(segment)
            : throw Malformed(path, $"the segment '{segment}' has characters that a path of a route cannot have; plain text is letters, digits and - . _ ~ : @ ! $ & ' ( ) * , ; =, not percent-encoded");

    private static ArgumentException Malformed(string path, string why) => new($"The route's path '{path}' is malformed: {why}.", nameof(path));
}
