using System.Buffers.Binary;
using System.Globalization;

namespace Aspire.Dashboard.Otlp;

/// <summary>
/// Reads the fields of a Protocol Buffers message from its bytes, without copies. A field's tag is its number shifted left by three, and its wire type
/// (https://protobuf.dev/programming-guides/encoding). What is not what its tag says is malformed.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    public const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    private const int StartGroup = 3, EndGroup = 4;
    private const int MaxGroupDepth = 16;

    private ReadOnlySpan<byte> _rest = message;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads the tag of the next field.</summary>
    /// <returns>False at the end of the message.</returns>
    public bool TryReadTag(out int tag)
    {
        if (_rest.IsEmpty)
        {
            tag = 0;
            return false;
        }

        var value = ReadVarint();
        if (value is < 8 or > uint.MaxValue || (value & 7) > Fixed32)
        {
            throw new MalformedTelemetryException(string.Create(CultureInfo.InvariantCulture, $"{value} is no tag of a field."));
        }

        // Field numbers have 29 bits: the tag of those above 2^28 is negative here, and none is known.
        tag = unchecked((int)value);
        return true;
    }

    public ulong ReadVarint()
    {
        var value = 0UL;
        for (var i = 0; i < 10 && i < _rest.Length; i++)
        {
            var next = _rest[i];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                // The tenth byte has room for one bit.
                if (i == 9 && next > 1)
                {
                    break;
                }

                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw new MalformedTelemetryException("A variable-length integer does not end within 10 bytes or is too large.");
    }

    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double ReadDouble() => BitConverter.UInt64BitsToDouble(ReadFixed64());

    public uint ReadFixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>A signed integer in zigzag encoding (sint32, sint64).</summary>
    public long ReadZigZag()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>The content of a string, of bytes, of a message or of a packed field.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadVarint();
        return length <= (ulong)_rest.Length ? Take((int)length)
            : throw new MalformedTelemetryException(string.Create(CultureInfo.InvariantCulture, $"A field of {length} bytes is in a message of which {_rest.Length} are left."));
    }

    /// <summary>Goes past the value of a field whose tag has just been read.</summary>
    public void Skip(int tag) => Skip(tag, depth: 0);

    private void Skip(int tag, int depth)
    {
        switch (tag & 7)
        {
            case Varint:
                ReadVarint();
                break;
            case Fixed64:
                Take(8);
                break;
            case Bytes:
                ReadBytes();
                break;
            case Fixed32:
                Take(4);
                break;
            case StartGroup when depth < MaxGroupDepth:
                while (true)
                {
                    if (!TryReadTag(out var inner))
                    {
                        throw new MalformedTelemetryException("A group does not end.");
                    }

                    if ((inner & 7) == EndGroup)
                    {
                        if (inner >> 3 != tag >> 3)
                        {
                            throw new MalformedTelemetryException("A group ends that did not begin.");
                        }

                        break;
                    }

                    Skip(inner, depth + 1);
                }

                break;
            default:
                throw new MalformedTelemetryException("A group ends that did not begin, or groups are nested too deeply.");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            throw new MalformedTelemetryException(string.Create(CultureInfo.InvariantCulture, $"A field of {count} bytes is in a message of which {_rest.Length} are left."));
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
