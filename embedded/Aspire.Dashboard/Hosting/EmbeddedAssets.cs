using System.Reflection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace Aspire.Dashboard.Hosting;

/// <summary>The files below <c>wwwroot/</c> in this assembly, which the build has put there (EmbedAssets): an app host of any SDK has them.</summary>
internal sealed class EmbeddedAssets : IFileProvider
{
    private const string Prefix = "wwwroot/";

    private static readonly Assembly Source = typeof(EmbeddedAssets).Assembly;
    private static readonly DateTimeOffset Built = File.GetLastWriteTimeUtc(Source.Location);

    private readonly Dictionary<string, string> _names = Source.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(name => name[Prefix.Length..].Replace('\\', '/'), StringComparer.Ordinal);

    public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

    public IFileInfo GetFileInfo(string subpath)
    {
        var path = subpath.TrimStart('/');
        return _names.TryGetValue(path, out var name) ? new Asset(Path.GetFileName(path), name) : new NotFoundFileInfo(path);
    }

    public IChangeToken Watch(string filter) => NullChangeToken.Singleton;

    private sealed class Asset(string name, string resource) : IFileInfo
    {
        private long? _length;

        public bool Exists => true;

        public long Length
        {
            get
            {
                if (_length is null)
                {
                    using var stream = CreateReadStream();
                    _length = stream.Length;
                }

                return _length.Value;
            }
        }

        public string? PhysicalPath => null;

        public string Name => name;

        public DateTimeOffset LastModified => Built;

        public bool IsDirectory => false;

        public Stream CreateReadStream() => Source.GetManifestResourceStream(resource)!;
    }
}
