using System.Buffers.Binary;
using System.Text;

namespace RvkApp.AppHost.Packaging;

/// <summary>A version of symbols that an executable needs of a library, such as <c>GLIBC_2.34</c> of <c>libc.so.6</c>.</summary>
internal sealed record SymbolVersion(string Library, string Version);

/// <summary>
/// Reads which symbol versions a 64-bit little-endian ELF file needs: the section <c>.gnu.version_r</c> (System V gABI for ELF; Linux Standard
/// Base, "Symbol Versioning"). Every offset in the file is checked before it is followed.
/// </summary>
internal sealed class ElfSymbolVersions
{
    /// <summary>The GNU C library of Amazon Linux 2023, on which <c>provided.al2023</c> is built.</summary>
    public static readonly Version AmazonLinux2023 = new(2, 34);

    private const string Glibc = "GLIBC_";
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int EntrySize = 16;
    private const uint NeededVersions = 0x6ffffffe; // SHT_GNU_verneed

    private readonly byte[] _file;
    private readonly string _name;

    private ElfSymbolVersions(byte[] file, string name) => (_file, _name) = (file, name);

    /// <summary>Reads the versions that a file needs.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">It is no such ELF file, or is damaged: where.</exception>
    public static IReadOnlyList<SymbolVersion> Read(byte[] file, string name) => new ElfSymbolVersions(file, name).Read();

    /// <summary>Checks that a file runs with the GNU C library of Amazon Linux 2023.</summary>
    /// <exception cref="DistributedApplicationException">It needs a newer one: which versions, and what to do.</exception>
    /// <exception cref="InvalidDataException">It is no ELF file, or is damaged.</exception>
    public static void RequireAmazonLinux2023(byte[] file, string name)
    {
        var tooNew = Read(file, name).Where(needed => needed.Version.StartsWith(Glibc, StringComparison.Ordinal) && !IsAvailable(needed.Version[Glibc.Length..]))
            .Select(needed => $"{needed.Version} of {needed.Library}").Distinct().Order(StringComparer.Ordinal).ToArray();
        if (tooNew.Length > 0)
        {
            throw new DistributedApplicationException(
                $"{name} needs {string.Join(", ", tooNew)}, and Amazon Linux 2023 (provided.al2023) has the GNU C library {AmazonLinux2023}: the function would not start. "
                + $"Publish on a system whose C library is no newer, such as Amazon Linux 2023 or Debian 12, or set {LambdaPackage.Setting} to ready-to-run.");
        }
    }

    // GLIBC_ABI_DT_RELR and its like have no number and came after 2.34.
    private static bool IsAvailable(string version) => Version.TryParse(version, out var parsed) && parsed <= AmazonLinux2023;

    private List<SymbolVersion> Read()
    {
        // e_ident: magic, ELFCLASS64, ELFDATA2LSB
        if (_file.Length < HeaderSize || !_file.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException($"{_name} is not a 64-bit little-endian ELF file.");
        }

        var sections = UInt64(0x28);
        var size = UInt16(0x3a);
        var count = UInt16(0x3c);
        if (count > 0 && size != SectionHeaderSize)
        {
            throw Damaged("section headers");
        }

        var versions = new List<SymbolVersion>();
        for (var i = 0; i < count; i++)
        {
            var header = Offset(sections + (ulong)(i * SectionHeaderSize), SectionHeaderSize, "section headers");
            if (UInt32(header + 4) == NeededVersions)
            {
                var names = UInt32(header + 40);
                ReadSection(header, Strings(sections, names < count ? names : throw Damaged("the link of .gnu.version_r")), versions);
            }
        }

        return versions;
    }

    private (int Start, int Length) Strings(ulong sections, uint index)
    {
        var header = Offset(sections + (index * (ulong)SectionHeaderSize), SectionHeaderSize, "section headers");
        return Extent(header, "the string table");
    }

    // Elf64_Verneed: version, count of auxiliary entries (16 bits each), file name, first auxiliary entry, next (32 bits each; offsets from here).
    // Elf64_Vernaux: hash (32), flags, other (16), name, next (32).
    private void ReadSection(int header, (int Start, int Length) strings, List<SymbolVersion> versions)
    {
        var (start, length) = Extent(header, ".gnu.version_r");
        var entries = UInt32(header + 44);
        var at = 0L;
        for (var i = 0u; i < entries; i++)
        {
            var entry = Entry(start, length, at);
            var library = Text(strings, UInt32(entry + 4));
            var auxiliaryAt = at + UInt32(entry + 8);
            for (var j = 0; j < UInt16(entry + 2); j++)
            {
                var auxiliary = Entry(start, length, auxiliaryAt);
                versions.Add(new SymbolVersion(library, Text(strings, UInt32(auxiliary + 8))));
                var next = UInt32(auxiliary + 12);
                if (next == 0)
                {
                    break;
                }

                auxiliaryAt += next;
            }

            var following = UInt32(entry + 12);
            if (following == 0)
            {
                break;
            }

            at += following;
        }
    }

    private int Entry(int start, int length, long at) => at + EntrySize <= length ? start + (int)at : throw Damaged(".gnu.version_r");

    private (int Start, int Length) Extent(int header, string what)
    {
        var length = UInt64(header + 32);
        return length <= int.MaxValue ? (Offset(UInt64(header + 24), (int)length, what), (int)length) : throw Damaged(what);
    }

    private string Text((int Start, int Length) strings, uint at)
    {
        var bytes = at < strings.Length ? _file.AsSpan(strings.Start + (int)at, strings.Length - (int)at) : throw Damaged("the string table");
        var end = bytes.IndexOf((byte)0);
        return end >= 0 ? Encoding.ASCII.GetString(bytes[..end]) : throw Damaged("the string table");
    }

    private int Offset(ulong offset, int length, string what)
        => offset <= (ulong)_file.Length && (ulong)length <= (ulong)_file.Length - offset ? (int)offset : throw Damaged(what);

    private ushort UInt16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(offset));

    private uint UInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan(offset));

    private ulong UInt64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_file.AsSpan(offset));

    private InvalidDataException Damaged(string what) => new($"{_name} is not a sound ELF file: {what} points outside of it.");
}
