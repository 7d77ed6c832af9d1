using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace AkkaJoin.Host.Remoting;

/// <summary>
/// The key and certificate of nodes that were given none. All nodes of a journal have the same, and take no other: no
/// authority signs it, and its dates say nothing.
/// </summary>
static class OwnCertificate
{
    const string ServerUse = "1.3.6.1.5.5.7.3.1", ClientUse = "1.3.6.1.5.5.7.3.2";
    const int YearsValid = 100;

    /// <summary>Makes both, PEM.</summary>
    internal static byte[] Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=akkajoin node", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerUse), new Oid(ClientUse)], critical: false));
        var from = DateTimeOffset.UtcNow.AddDays(-1);
        using var certificate = request.CreateSelfSigned(from, from.AddYears(YearsValid));
        return Encoding.ASCII.GetBytes($"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    /// <summary>The certificate with its key.</summary>
    /// <exception cref="CryptographicException">These bytes are none.</exception>
    internal static X509Certificate2 Read(byte[] pem)
    {
        var text = Encoding.ASCII.GetString(pem);
        return X509Certificate2.CreateFromPem(text, text);
    }
}
