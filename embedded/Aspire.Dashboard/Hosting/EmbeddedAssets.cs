using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace Aspire.Dashboard.Hosting;

/// <summary>The files below <c>wwwroot/</c> in this assembly, which the build has put there (EmbedAssets): an app host of any SDK has them.</summary>
internal sealed class EmbeddedAssets : IFileProvider
{
    private const string Prefix = "wwwroot/";

    private static readonly Assembly Source = typeof(EmbeddedAssets).Assembly;

    private readonly FrozenDictionary<string, EmbeddedAsset> _assets = Source.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..].Replace('\\', '/'), name => new EmbeddedAsset(Source, name), StringComparer.Ordinal);

    /// <summary>Finds a file.</summary>
    /// <param name="path">Its path below <c>wwwroot</c>, such as <c>css/login.css</c>; case matters.</param>
    /// <param name="asset">The file.</param>
    public bool TryGet(string path, [NotNullWhen(true)] out EmbeddedAsset? asset) => _assets.TryGetValue(path, out asset);

    public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

    public IFileInfo GetFileInfo(string subpath) => TryGet(subpath.TrimStart('/'), out var asset) ? asset : new NotFoundFileInfo(subpath);

    public IChangeToken Watch(string filter) => NullChangeToken.Singleton;
}
