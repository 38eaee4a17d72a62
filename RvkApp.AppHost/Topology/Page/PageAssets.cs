using System.Security.Cryptography;
using System.Text;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>The style sheet and the script of the page, which its content security policy names by their hashes.</summary>
internal static class PageAssets
{
    /// <summary>The style sheet: the colours of each medium, then the diagram's and the page's rules.</summary>
    public static string Style { get; } =
        $":root{{{Palette.Light.Declarations}}}\n@media (prefers-color-scheme: dark){{:root{{{Palette.Dark.Declarations}}}}}\n@media print{{:root{{{Palette.Print.Declarations}}}}}\n"
        + Read("page.css") + Read("diagram.css");

    /// <summary>The script.</summary>
    public static string Script { get; } = Read("page.js");

    /// <summary>The policy: nothing is loaded, and nothing runs but the one script.</summary>
    public static string Policy { get; } = $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; base-uri 'none'; form-action 'none'";

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Read(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"RvkApp.AppHost.Topology.Page.{name}")
            ?? throw new InvalidOperationException($"{name} is not embedded in {typeof(PageAssets).Assembly.GetName().Name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // The page is the same on every machine, however git checked the file out; browsers hash what they parsed, where every line ends in LF.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
