namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>Escapes of URLs.</summary>
internal static class PercentEncoding
{
    /// <summary>Decodes the two digits of an escape.</summary>
    public static bool TryDecode(int high, int low, out byte value)
    {
        var decoded = (Digit(high) << 4) | Digit(low);
        value = (byte)decoded;
        return decoded >= 0;
    }

    private static int Digit(int c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'A' and <= 'F' => c - 'A' + 10,
        >= 'a' and <= 'f' => c - 'a' + 10,
        _ => -1,
    };
}
