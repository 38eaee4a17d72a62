using System.Buffers.Binary;
using System.Text;
using Aspire.Hosting;
using RvkApp.AppHost.Packaging;

namespace RvkApp.Tests.Packaging;

/// <summary>Which C library an executable needs.</summary>
public sealed class ElfSymbolVersionsTests
{
    private const int SectionHeaders = 64;
    private const int Versions = SectionHeaders + (3 * 64);
    private const int StringTable = Versions + 48;

    [Fact]
    public void The_versions_of_each_library_are_read()
        => Assert.Equal(
            [new SymbolVersion("libc.so.6", "GLIBC_2.34"), new SymbolVersion("libc.so.6", "GLIBC_2.2.5")],
            ElfSymbolVersions.Read(Elf("GLIBC_2.34", "GLIBC_2.2.5"), "test"));

    [Theory]
    [InlineData("GLIBC_2.34")]
    [InlineData("GLIBC_2.2.5")]
    [InlineData("OTHER_9.9")]
    public void What_amazon_linux_2023_has_is_accepted(string version) => ElfSymbolVersions.RequireAmazonLinux2023(Elf(version, "GLIBC_2.4"), "bootstrap");

    [Theory]
    [InlineData("GLIBC_2.35")]
    [InlineData("GLIBC_2.100")]
    [InlineData("GLIBC_ABI_DT_RELR")]
    public void What_it_does_not_have_is_named(string version)
    {
        var exception = Assert.Throws<DistributedApplicationException>(() => ElfSymbolVersions.RequireAmazonLinux2023(Elf("GLIBC_2.4", version), "bootstrap"));
        Assert.StartsWith($"bootstrap needs {version} of libc.so.6, and Amazon Linux 2023 (provided.al2023) has the GNU C library 2.34", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_programs_of_this_machine_can_be_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/sh"), "This reads Linux's /bin/sh.");
        Assert.Contains(ElfSymbolVersions.Read(File.ReadAllBytes("/bin/sh"), "sh"), version => version.Version.StartsWith("GLIBC_", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MZ")]
    [InlineData("#!/bin/sh\n# longer than an ELF header, which has sixty-four bytes of its own")]
    public void What_is_no_elf_file_is_refused(string text)
        => Assert.Contains("not a 64-bit little-endian ELF file", Assert.Throws<InvalidDataException>(() => ElfSymbolVersions.Read(Encoding.ASCII.GetBytes(text), "x")).Message, StringComparison.Ordinal);

    [Fact]
    public void No_damage_is_followed_out_of_the_file()
    {
        var sound = Elf("GLIBC_2.34", "GLIBC_2.2.5");
        byte[] values = [0x00, 0x01, 0x7F, 0x80, 0xFF];
        for (var at = 6; at < sound.Length; at++)
        {
            foreach (var value in values)
            {
                var damaged = sound.ToArray();
                damaged[at] = value;
                Read(damaged);
                Read(damaged[..at]);
            }
        }

        static void Read(byte[] file)
        {
            try
            {
                Assert.True(ElfSymbolVersions.Read(file, "damaged").Count < 1000);
            }
            catch (InvalidDataException)
            {
                // The one thing that may happen.
            }
        }
    }

    /// <summary>A file with an ELF header, three section headers (none, versions, strings), two needed versions of one library, and strings.</summary>
    private static byte[] Elf(string first, string second)
    {
        var strings = Encoding.ASCII.GetBytes($"\0libc.so.6\0{first}\0{second}\0");
        var file = new byte[StringTable + strings.Length];
        "\u007fELF\u0002\u0001"u8.CopyTo(file);
        Put64(0x28, SectionHeaders);
        Put16(0x3a, 64);
        Put16(0x3c, 3);
        Section(1, 0x6ffffffe, Versions, 48, link: 2, info: 1);
        Section(2, 3, StringTable, strings.Length, link: 0, info: 0);

        Put16(Versions, 1);
        Put16(Versions + 2, 2);
        Put32(Versions + 4, 1);
        Put32(Versions + 8, 16);
        Put32(Versions + 24, 11);
        Put32(Versions + 28, 16);
        Put32(Versions + 40, (uint)(12 + first.Length));
        strings.CopyTo(file, StringTable);
        return file;

        void Section(int index, uint type, int offset, int size, uint link, uint info)
        {
            var header = SectionHeaders + (index * 64);
            Put32(header + 4, type);
            Put64(header + 24, (ulong)offset);
            Put64(header + 32, (ulong)size);
            Put32(header + 40, link);
            Put32(header + 44, info);
        }

        void Put16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
        void Put32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        void Put64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
    }
}
