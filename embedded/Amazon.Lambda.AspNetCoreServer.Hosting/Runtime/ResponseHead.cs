using System.Buffers.Text;
using System.Text;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>What the head of an HTTP/1.1 response (RFC 9112) says about the response. A head that can be understood in two ways is an error.</summary>
internal readonly struct ResponseHead
{
    // HTTP/1.1 200 OK
    private const int VersionLength = 8;
    private const int StatusLength = 3;

    public int Status { get; private init; }

    /// <summary>The length of the body in bytes; negative when it is not told.</summary>
    public long ContentLength { get; private init; }

    public bool IsChunked { get; private init; }

    /// <summary>Whether there is no further response on the connection.</summary>
    public bool IsLast { get; private init; }

    /// <summary>Understands a head.</summary>
    /// <param name="head">Its lines, each with its end, without the empty one.</param>
    /// <exception cref="IOException">It is malformed.</exception>
    public static ResponseHead Parse(ReadOnlySpan<byte> head)
    {
        var line = head[..head.IndexOf("\r\n"u8)];
        const int length = VersionLength + 1 + StatusLength;
        if (line.Length < length || !line.StartsWith("HTTP/1."u8) || line[VersionLength] != ' ' || (line.Length > length && line[length] != ' ')
            || !Utf8Parser.TryParse(line.Slice(VersionLength + 1, StatusLength), out int status, out var digits) || digits != StatusLength || status < 100)
        {
            throw new IOException("the response is not HTTP/1.1.");
        }

        long contentLength = -1;
        var isChunked = false;
        var isLast = line[VersionLength - 1] == '0';
        for (var rest = Headers(head); Next(ref rest, out var name, out var value);)
        {
            if (Ascii.EqualsIgnoreCase(name, "Content-Length"u8))
            {
                if (!TryParseLength(value, out var announced) || (contentLength >= 0 && contentLength != announced))
                {
                    throw new IOException("the response's Content-Length is not one number.");
                }

                contentLength = announced;
            }
            else if (Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8))
            {
                if (isChunked || !Ascii.EqualsIgnoreCase(value, "chunked"u8))
                {
                    throw new IOException("the response's Transfer-Encoding is something else than chunked.");
                }

                isChunked = true;
            }
            else if (Ascii.EqualsIgnoreCase(name, "Connection"u8))
            {
                isLast |= Ascii.EqualsIgnoreCase(value, "close"u8);
            }
        }

        if (isChunked && contentLength >= 0)
        {
            throw new IOException("the response has Content-Length and Transfer-Encoding, which contradict each other.");
        }

        var hasNoBody = status is < 200 or 204 or 304;
        return new ResponseHead
        {
            Status = status,
            ContentLength = hasNoBody ? 0 : contentLength,
            IsChunked = isChunked && !hasNoBody,
            // A body of which nothing tells the length ends with the connection.
            IsLast = isLast || (!hasNoBody && !isChunked && contentLength < 0),
        };
    }

    /// <summary>The value of a header; empty when it is not there.</summary>
    /// <param name="head">A head that was understood.</param>
    /// <param name="name">The header's name, in any case.</param>
    public static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        for (var rest = Headers(head); Next(ref rest, out var field, out var value);)
        {
            if (Ascii.EqualsIgnoreCase(field, name))
            {
                return value;
            }
        }

        return default;
    }

    private static ReadOnlySpan<byte> Headers(ReadOnlySpan<byte> head) => head[(head.IndexOf("\r\n"u8) + 2)..];

    private static bool TryParseLength(ReadOnlySpan<byte> value, out long length)
    {
        length = -1;
        return !value.IsEmpty && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9') && Utf8Parser.TryParse(value, out length, out var read) && read == value.Length;
    }

    private static bool Next(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        if (rest.IsEmpty)
        {
            return false;
        }

        var end = rest.IndexOf("\r\n"u8);
        var line = rest[..end];
        rest = rest[(end + 2)..];
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAny((byte)' ', (byte)'\t') || line.ContainsAny((byte)'\r', (byte)'\n', (byte)0))
        {
            throw new IOException("the response has a malformed header.");
        }

        name = line[..colon];
        value = line[(colon + 1)..].Trim(" \t"u8);
        return true;
    }
}
