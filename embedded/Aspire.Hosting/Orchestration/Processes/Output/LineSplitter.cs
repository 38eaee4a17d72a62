using System.Buffers;
using System.Text;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Turns bytes as they arrive into lines: ended by LF or CRLF, in UTF-8 with what is invalid replaced, and in pieces (between
/// characters) where a line is longer than the bound. What follows the last terminator is a line as well.
/// </summary>
internal sealed class LineSplitter(int maxLineBytes, Action<string> onLine)
{
    private readonly ArrayBufferWriter<byte> _partial = new(256);
    private readonly int _maxLineBytes = Math.Max(maxLineBytes, 8);
    private bool _continues;

    /// <summary>Takes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOf((byte)'\n');
            var piece = end < 0 ? bytes : bytes[..end];
            // One byte more than the bound may be held, so that the CR of a line that fits exactly does not split it.
            while (_partial.WrittenCount + piece.Length > _maxLineBytes + 1)
            {
                var room = _maxLineBytes + 1 - _partial.WrittenCount;
                _partial.Write(piece[..room]);
                piece = piece[room..];
                EmitPiece();
            }

            _partial.Write(piece);
            if (end < 0)
            {
                return;
            }

            EmitLine();
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>There are no more bytes.</summary>
    public void Complete()
    {
        if (_partial.WrittenCount > 0)
        {
            EmitLine();
        }
    }

    private void EmitLine()
    {
        if (_partial.WrittenCount > _maxLineBytes && _partial.WrittenSpan[^1] != (byte)'\r')
        {
            EmitPiece();
        }

        var line = _partial.WrittenSpan;
        if (line.EndsWith("\r"u8))
        {
            line = line[..^1];
        }

        // Nothing is left of a line whose last piece was full: its end is not an empty line.
        if (line.Length > 0 || !_continues)
        {
            onLine(Encoding.UTF8.GetString(line));
        }

        _continues = false;
        _partial.ResetWrittenCount();
    }

    private void EmitPiece()
    {
        var held = _partial.WrittenSpan;
        var length = CharacterBoundary(held[.._maxLineBytes]);
        onLine(Encoding.UTF8.GetString(held[..length]));
        Span<byte> rest = stackalloc byte[8];
        var restLength = held.Length - length;
        held[length..].CopyTo(rest);
        _continues = true;
        _partial.ResetWrittenCount();
        _partial.Write(rest[..restLength]);
    }

    /// <summary>The length without an unfinished character at the end; all of it if that is no character at all.</summary>
    private static int CharacterBoundary(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= 4 && back < bytes.Length; back++)
        {
            var value = bytes[^back];
            if ((value & 0b1100_0000) != 0b1000_0000)
            {
                var needed = value switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 1 };
                return needed > back ? bytes.Length - back : bytes.Length;
            }
        }

        return bytes.Length;
    }
}
