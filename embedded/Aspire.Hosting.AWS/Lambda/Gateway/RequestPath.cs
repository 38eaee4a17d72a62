using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>
/// The path of a request, decoded as HTTP APIs hand it on: every escape, also that of a slash. Segments are told apart before that, so
/// that an escaped slash does not divide one. An instance is used for one request after another.
/// </summary>
internal sealed class RequestPath
{
    private byte[] _bytes = new byte[256];
    private int[] _starts = new int[8];
    private int _length;

    /// <summary>How many segments there are, counted to one more than was asked for. <c>/</c> has one, which is empty, and <c>/pets/</c> has two.</summary>
    public int SegmentCount { get; private set; }

    /// <summary>The decoded path, in UTF-8.</summary>
    public ReadOnlySpan<byte> Decoded => _bytes.AsSpan(0, _length);

    /// <summary>The query of the request, as it came, without its question mark.</summary>
    public ReadOnlyMemory<char> Query { get; private set; }

    /// <summary>A segment. The path's last one, when there are more than were asked for, goes on to the path's end.</summary>
    public ReadOnlySpan<byte> Segment(int index)
    {
        var start = _starts[index];
        return _bytes.AsSpan(start, (index + 1 < SegmentCount ? _starts[index + 1] - 1 : _length) - start);
    }

    /// <summary>A segment and all that follow.</summary>
    public ReadOnlySpan<byte> From(int index) => _bytes.AsSpan(_starts[index], _length - _starts[index]);

    /// <summary>Reads the target of a request: a path, or a URL of the form that proxies get.</summary>
    /// <returns>Whether it is well-formed: a path whose escapes are hexadecimal and make UTF-8 without the character 0.</returns>
    public bool TryRead(string target, int maxSegments)
    {
        var start = target.StartsWith('/') ? 0 : StartOfPath(target);
        if (start < 0)
        {
            return false;
        }

        var query = target.IndexOf('?', start);
        var path = target.AsSpan(start, (query < 0 ? target.Length : query) - start);
        Query = query < 0 ? default : target.AsMemory(query + 1);
        Reserve(Math.Max(path.Length, 1), maxSegments + 2);
        if (path.IsEmpty)
        {
            path = "/";
        }

        return Ascii.FromUtf16(path, _bytes, out _length) == OperationStatus.Done && Split(maxSegments + 1);
    }

    private static int StartOfPath(string target)
    {
        var authority = target.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
        {
            return -1;
        }

        var path = target.AsSpan(authority + 3).IndexOfAny('/', '?');
        return path < 0 ? target.Length : authority + 3 + path;
    }

    private void Reserve(int bytes, int segments)
    {
        if (_bytes.Length < bytes)
        {
            _bytes = new byte[bytes];
        }

        if (_starts.Length < segments)
        {
            _starts = new int[segments];
        }
    }

    // Decodes in place and notes where segments start, up to a count; what follows belongs to the last.
    private bool Split(int maxSegments)
    {
        var bytes = _bytes.AsSpan(0, _length);
        _starts[0] = 1;
        SegmentCount = 1;
        var isDecoded = bytes.Contains((byte)'%');
        var to = 1;
        for (var from = 1; from < bytes.Length; from++, to++)
        {
            var value = bytes[from];
            if (value == '%')
            {
                if (from + 2 >= bytes.Length || !PercentEncoding.TryDecode(bytes[from + 1], bytes[from + 2], out value) || value == 0)
                {
                    return false;
                }

                from += 2;
            }
            else if (value == '/' && SegmentCount < maxSegments)
            {
                _starts[SegmentCount++] = to + 1;
            }

            bytes[to] = value;
        }

        _length = to;
        return !isDecoded || Utf8.IsValid(bytes[.._length]);
    }
}
