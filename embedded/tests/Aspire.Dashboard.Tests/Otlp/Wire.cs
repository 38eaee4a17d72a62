using System.Buffers.Binary;
using System.Text;

namespace Aspire.Dashboard.Tests.Otlp;

/// <summary>Writes fields of Protocol Buffers messages.</summary>
internal static class Wire
{
    public static byte[] Message(params ReadOnlySpan<byte[]> fields)
    {
        var all = new List<byte>();
        foreach (var field in fields)
        {
            all.AddRange(field);
        }

        return [.. all];
    }

    public static byte[] Bytes(int field, params ReadOnlySpan<byte[]> content)
    {
        var message = Message(content);
        return [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)message.Length), .. message];
    }

    public static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public static byte[] Number(int field, ulong value) => [.. Varint((ulong)field << 3), .. Varint(value)];

    public static byte[] ZigZag(int field, long value) => Number(field, (ulong)((value << 1) ^ (value >> 63)));

    public static byte[] Fixed64(int field, ulong value) => [.. Varint(((ulong)field << 3) | 1), .. Fixed64(value)];

    public static byte[] Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    public static byte[] Fixed64(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }
}
