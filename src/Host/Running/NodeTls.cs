using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Running;

/// <summary>
/// Mutual TLS of the nodes. A certificate counts if it comes from the configured authority, whatever the system trusts; whose name it bears is
/// not asked, since whoever has one is a node.
/// </summary>
static class NodeTls
{
    /// <summary>What the remoting takes.</summary>
    /// <exception cref="UserException">A file is no certificate or no key.</exception>
    internal static DotNettySslSetup Setup(TlsSettings settings)
    {
        var (certificate, authorities) = Load(settings);
        return new DotNettySslSetup(
            certificate,
            suppressValidation: false,
            requireMutualAuthentication: true,
            validateCertificateHostname: false,
            (shown, chain, peer, _, log) => IsOfAuthority(shown, chain, peer, authorities, log));
    }

    /// <summary>This node's certificate, and the authorities that the others' come from.</summary>
    /// <exception cref="UserException">A file is no certificate or no key.</exception>
    internal static (X509Certificate2 Certificate, X509Certificate2Collection Authorities) Load(TlsSettings settings) => (
        Load("certificate-file and key-file", settings.CertificateFile, () => X509Certificate2.CreateFromPemFile(settings.CertificateFile, settings.KeyFile)),
        Load("authority-file", settings.AuthorityFile, () => Authorities(settings.AuthorityFile)));

    /// <summary>Whether a certificate that was shown comes from one of the authorities; the log says why not.</summary>
    internal static bool IsOfAuthority(X509Certificate? shown, X509Chain? offered, string peer, X509Certificate2Collection authorities, ILoggingAdapter log)
    {
        if (shown is not X509Certificate2 certificate)
        {
            HostLog.NodeWithoutCertificate(log, peer);
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in offered is null ? [] : offered.ChainElements.ToArray())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        if (chain.Build(certificate))
            return true;
        HostLog.NodeOfOtherAuthority(log, peer, certificate.Subject, string.Join("; ", chain.ChainStatus.Select(s => s.StatusInformation.Trim())));
        return false;
    }

    static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("there is no certificate in it");
    }

    static T Load<T>(string keys, string file, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserException($"akkajoin.cluster.tls: {keys} ({file}) cannot be used: {e.Message}", ExitCodes.Config, e);
        }
    }
}
