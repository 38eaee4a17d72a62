using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http.Features;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Http;

/// <summary>The certificate with which the client has proved itself to the event source (mutual TLS).</summary>
/// <param name="pem">The certificate; null when the client has none.</param>
internal sealed class ClientCertificate(string? pem) : ITlsConnectionFeature
{
    private X509Certificate2? _certificate;

    /// <exception cref="System.Security.Cryptography.CryptographicException">It is no certificate.</exception>
    X509Certificate2? ITlsConnectionFeature.ClientCertificate
    {
        get => _certificate ??= pem is null ? null : X509Certificate2.CreateFromPem(pem);
        set => _certificate = value;
    }

    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(((ITlsConnectionFeature)this).ClientCertificate);
}
