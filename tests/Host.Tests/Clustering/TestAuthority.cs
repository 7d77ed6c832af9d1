using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>An authority that issues certificates to nodes, as PEM files.</summary>
sealed class TestAuthority : IDisposable
{
    static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddHours(-1);
    static readonly DateTimeOffset To = From.AddDays(1);
    readonly string _directory;
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly X509Certificate2 _certificate;
    byte _serial;

    internal TestAuthority(string directory, string name)
    {
        _directory = directory;
        var request = new CertificateRequest("CN=authority " + name, _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _certificate = request.CreateSelfSigned(From, To);
        File = Write("authority-" + name, _certificate.ExportCertificatePem());
    }

    /// <summary>Its own certificate.</summary>
    internal string File { get; }

    /// <summary>Makes a key and a certificate for a node.</summary>
    /// <param name="name">Its name, and that of the files.</param>
    /// <param name="uses">What it says that it may be used for; nothing = it does not say.</param>
    /// <returns>The settings that name their files.</returns>
    internal string Issue(string name, params string[] uses)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        if (uses.Length > 0)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. uses.Select(use => new Oid(use))], critical: false));
        using var certificate = request.Create(_certificate, From, To, [++_serial]);
        var certificateFile = Write(name, certificate.ExportCertificatePem());
        return $"certificate-file = \"{certificateFile}\", key-file = \"{Write(name + "-key", key.ExportPkcs8PrivateKeyPem())}\"";
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    string Write(string name, string pem)
    {
        var file = Path.Combine(_directory, name + ".pem");
        System.IO.File.WriteAllText(file, pem);
        return file;
    }
}
