using System.Buffers.Binary;

namespace MongoDB.Embedded.Storage;

/// <summary>The number in front of every key: of a collection for its records, of an index for its entries.</summary>
internal static class Ident
{
    public const int Size = 4;

    /// <summary>The first key of an ident.</summary>
    public static byte[] Start(uint ident)
    {
        byte[] key = new byte[Size];
        BinaryPrimitives.WriteUInt32BigEndian(key, ident);
        return key;
    }

    /// <summary>The first key behind those of an ident.</summary>
    public static byte[] End(uint ident) => Start(ident + 1);
}
