using System.Text;

namespace Aspire.Dashboard.Otlp;

/// <summary>The two messages that go back to a sender.</summary>
internal static class OtlpReply
{
    private const byte Field1Varint = 0x08, Field1Bytes = 0x0A, Field2Bytes = 0x12;

    /// <summary>An Export…ServiceResponse, which is alike for all signals: empty, or with partial_success when something was refused.</summary>
    public static byte[] Success(int refused)
    {
        if (refused == 0)
        {
            return [];
        }

        var partial = CodeAndText(refused, TelemetryReceiver.Explain(refused));
        List<byte> reply = [Field1Bytes];
        AddVarint(reply, partial.Count);
        reply.AddRange(partial);
        return [.. reply];
    }

    /// <summary>A google.rpc.Status, which OTLP over HTTP answers errors with.</summary>
    /// <param name="code">The gRPC code of the error.</param>
    /// <param name="message">What is wrong and how to put it right.</param>
    public static byte[] Error(Grpc.Core.StatusCode code, string message) => [.. CodeAndText((int)code, message)];

    /// <summary>Both messages have a number in field 1 and a text in field 2.</summary>
    private static List<byte> CodeAndText(int code, string text)
    {
        List<byte> message = [Field1Varint];
        AddVarint(message, code);
        var utf8 = Encoding.UTF8.GetBytes(text);
        message.Add(Field2Bytes);
        AddVarint(message, utf8.Length);
        message.AddRange(utf8);
        return message;
    }

    private static void AddVarint(List<byte> into, int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            into.Add((byte)(value | 0x80));
        }

        into.Add((byte)value);
    }
}
