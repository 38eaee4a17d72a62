using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace Aspire.Dashboard.Hosting;

/// <summary>A file of the assembly in the encodings that browsers take. Each is made when it is first asked for and then kept: the files are few, and the same for the whole run.</summary>
internal sealed class EmbeddedAsset : IFileInfo
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();
    private static readonly DateTimeOffset Built = File.GetLastWriteTimeUtc(typeof(EmbeddedAsset).Assembly.Location);

    private readonly Assembly _assembly;
    private readonly string _resource;
    private readonly Lazy<Representation> _identity;
    private readonly Lazy<Representation> _gzip;
    private readonly Lazy<Representation> _brotli;

    public EmbeddedAsset(Assembly assembly, string resource)
    {
        (_assembly, _resource) = (assembly, resource);
        Name = Path.GetFileName(resource);
        var type = ContentTypes.TryGetContentType(Name, out var known) ? known : "application/octet-stream";
        // What is text gains by compression; images and fonts are compressed already.
        IsCompressible = type.StartsWith("text/", StringComparison.Ordinal) || type is "application/json" or "image/svg+xml" or "application/javascript";
        ContentType = IsCompressible ? type + "; charset=utf-8" : type;
        _identity = new(() => Make("", static target => target));
        _gzip = new(() => Make("gzip", static target => new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true)));
        _brotli = new(() => Make("br", static target => new BrotliStream(target, CompressionLevel.Optimal, leaveOpen: true)));
    }

    /// <summary>What is sent, and under which encoding and tag; without an encoding, <see cref="Encoding"/> is empty.</summary>
    public sealed record Representation(byte[] Content, string Encoding, EntityTagHeaderValue Tag);

    public string ContentType { get; }

    /// <summary>Whether there are encodings of it, so that an answer depends on <c>Accept-Encoding</c>.</summary>
    public bool IsCompressible { get; }

    public bool Exists => true;

    public long Length
    {
        get
        {
            using var stream = CreateReadStream();
            return stream.Length;
        }
    }

    public string? PhysicalPath => null;

    public string Name { get; }

    public DateTimeOffset LastModified => Built;

    public bool IsDirectory => false;

    public Stream CreateReadStream() => _assembly.GetManifestResourceStream(_resource)!;

    /// <summary>The smallest form that a client takes.</summary>
    /// <param name="accepted">What its header <c>Accept-Encoding</c> says.</param>
    public Representation For(IList<StringWithQualityHeaderValue> accepted)
        => !IsCompressible ? _identity.Value : Takes(accepted, "br") ? _brotli.Value : Takes(accepted, "gzip") ? _gzip.Value : _identity.Value;

    private static bool Takes(IList<StringWithQualityHeaderValue> accepted, string encoding)
        => accepted.Any(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0);

    private Representation Make(string encoding, Func<Stream, Stream> encode)
    {
        using var target = new MemoryStream();
        using (var source = CreateReadStream())
        {
            var encoder = encode(target);
            source.CopyTo(encoder);
            if (encoder != target)
            {
                encoder.Dispose();
            }
        }

        var content = target.ToArray();
        // Of the bytes that are sent: each encoding has its own, as a strong tag has to.
        return new(content, encoding, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\""));
    }
}
