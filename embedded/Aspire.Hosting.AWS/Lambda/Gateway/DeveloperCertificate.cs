using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>The certificate for localhost that <c>dotnet dev-certs https</c> makes.</summary>
internal static class DeveloperCertificate
{
    // Marks a certificate as ASP.NET Core's for development.
    private const string MarkerOid = "1.3.6.1.4.1.311.84.1.1";

    /// <summary>Whether this user has one that is valid now and has its key.</summary>
    public static bool Exists()
    {
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
        try
        {
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
        }
        catch (CryptographicException)
        {
            // No store has been made for this user yet.
            return false;
        }

        var now = DateTime.Now;
        var found = false;
        foreach (var certificate in store.Certificates)
        {
            found |= certificate.HasPrivateKey && certificate.NotBefore <= now && now <= certificate.NotAfter && certificate.Extensions[MarkerOid] is not null;
            certificate.Dispose();
        }

        return found;
    }
}
