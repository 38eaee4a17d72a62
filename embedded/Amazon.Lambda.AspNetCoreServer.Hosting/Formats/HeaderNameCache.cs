using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Formats;

/// <summary>
/// One string for each header's name: the same few come with every event. Used by the one thread that reads events.
/// </summary>
internal static class HeaderNameCache
{
    // Names come from clients, who must not fill the memory.
    private const int MaximumNames = 256;
    private const int MaximumLength = 64;

    [ThreadStatic]
    private static Dictionary<string, string>? _names;

    /// <summary>The name on which the reader stands.</summary>
    public static string Get(ref Utf8JsonReader json)
    {
        if (json.ValueIsEscaped || json.ValueSpan.Length > MaximumLength)
        {
            return json.GetString()!;
        }

        var names = _names ??= new(Utf8Comparer.Instance);
        var lookup = names.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(json.ValueSpan, out var name))
        {
            return name;
        }

        name = json.GetString()!;
        if (names.Count < MaximumNames && Ascii.IsValid(name))
        {
            names.Add(name, name);
        }

        return name;
    }

    // All names in it are ASCII.
    private sealed class Utf8Comparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
    {
        public static readonly Utf8Comparer Instance = new();

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode([DisallowNull] string obj)
        {
            Span<byte> bytes = stackalloc byte[MaximumLength];
            return GetHashCode(bytes[..Encoding.ASCII.GetBytes(obj, bytes)]);
        }

        public bool Equals(ReadOnlySpan<byte> alternate, string other) => Ascii.Equals(alternate, other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public string Create(ReadOnlySpan<byte> alternate) => Encoding.ASCII.GetString(alternate);
    }
}
