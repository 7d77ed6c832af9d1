using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor.Setup;
using Akka.Event;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;
using ClusterSettings = AkkaJoin.Pipeline.Settings.ClusterSettings;

namespace AkkaJoin.Host.Remoting;

/// <summary>
/// Mutual TLS of the nodes. A certificate counts if it comes from the configured authority, whatever the system trusts,
/// and may be used by servers and clients alike, as every node is both; whose name it bears is not asked, since whoever
/// has one is a node. Where no authority is configured, the only one that counts is that which all nodes of the journal
/// share.
/// </summary>
sealed class NodeTls
{
    static readonly Oid[] Uses = [new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")];
    readonly X509Certificate2Collection? _authorities; // null: this node's own certificate is that of all
    readonly SslStreamCertificateContext _shown;

    NodeTls(X509Certificate2 certificate, X509Certificate2Collection? authorities, X509Certificate2Collection? between = null)
    {
        Certificate = certificate;
        _shown = SslStreamCertificateContext.Create(certificate, between, offline: true);
        _authorities = authorities;
    }

    /// <summary>What this node shows.</summary>
    internal X509Certificate2 Certificate { get; }

    /// <summary>How the nodes of a journal know each other; null = not at all, by their configuration.</summary>
    /// <exception cref="UserException">A file is no certificate or no key.</exception>
    internal static NodeTls? Of(ClusterSettings cluster, JoinJournal journal) => cluster switch
    {
        { IsPlain: true } => null,
        { Tls: { } files } => OfFiles(files),
        _ => OfJournal(journal),
    };

    /// <summary>With the certificates that the configuration names.</summary>
    /// <exception cref="UserException">A file is no certificate or no key.</exception>
    internal static NodeTls OfFiles(TlsSettings files) => new(
        Load(
            "certificate-file and key-file",
            files.CertificateFile,
            () => X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile)),
        Load("authority-file", files.AuthorityFile, () => Certificates(files.AuthorityFile)),
        Load("certificate-file", files.CertificateFile, () => Certificates(files.CertificateFile)));

    /// <summary>With the certificate that the nodes of a journal share; the first of them makes it.</summary>
    /// <exception cref="UserException">It cannot be read or made.</exception>
    internal static NodeTls OfJournal(JoinJournal journal)
    {
        try
        {
            return new NodeTls(OwnCertificate.Read(journal.NodeSecret(OwnCertificate.Make)), null);
        }
        catch (JournalException e)
        {
            throw new UserException(e.Message, ExitCodes.Failed, e);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new UserException(
                $"the nodes' own certificate in {journal.Location} cannot be used: {e.Message}. Stop all nodes and delete it (node.pem, "
                + $"or the row {CatalogNames.NodeSecret} of akkajoin_join); "
                + "the next start makes another",
                ExitCodes.Failed,
                e);
        }
    }

    /// <summary>
    /// How a node that was called shakes hands. The versions of TLS are those of the system: 1.3 and 1.2.
    /// </summary>
    internal SslServerAuthenticationOptions ServerOptions(RemoteCertificateValidationCallback takes) => new()
    {
        ServerCertificateContext = _shown,
        ClientCertificateRequired = true,
        AllowTlsResume = false, // each connection shows its certificate
        AllowRenegotiation = false,
        CertificateChainPolicy = NoDownloads(),
        RemoteCertificateValidationCallback = takes,
    };

    /// <summary>How a node that calls shakes hands.</summary>
    internal SslClientAuthenticationOptions ClientOptions(string host, RemoteCertificateValidationCallback takes) => new()
    {
        TargetHost = host,
        ClientCertificateContext = _shown,
        AllowTlsResume = false,
        AllowRenegotiation = false,
        CertificateChainPolicy = NoDownloads(),
        RemoteCertificateValidationCallback = takes,
    };

    /// <summary>
    /// Whether this node takes whoever showed a certificate, or none, for another node; the log says why not.
    /// </summary>
    internal bool Takes(X509Certificate? shown, X509Chain? offered, string peer, ILoggingAdapter log)
    {
        if (shown is not X509Certificate2 certificate)
        {
            HostLog.NodeWithoutCertificate(log, peer);
            return false;
        }

        if (Refusal(certificate, offered) is not { } reason)
            return true;
        HostLog.NodeRefused(log, peer, certificate.Subject, reason);
        return false;
    }

    string? Refusal(X509Certificate2 certificate, X509Chain? offered)
    {
        if (_authorities is null)
        {
            return certificate.RawDataMemory.Span.SequenceEqual(Certificate.RawDataMemory.Span)
                ? null
                : "is not that of this journal's nodes. Nodes without cluster.tls.certificate-file share one, and take no other";
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        foreach (var use in Uses)
            chain.ChainPolicy.ApplicationPolicy.Add(use);
        if (offered is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(offered.ChainPolicy.ExtraStore);
            foreach (var element in offered.ChainElements)
                chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        if (chain.Build(certificate))
            return null;
        return chain.ChainStatus.Any(s => s.Status == X509ChainStatusFlags.NotValidForUsage)
            ? "may not be used by servers and clients alike: its extended key usage has to have serverAuth and clientAuth"
            : "does not come from cluster.tls.authority-file. "
            + $"{string.Join("; ", chain.ChainStatus.Select(s => s.StatusInformation.Trim()))}";
    }

    // A certificate that a stranger shows may name places to fetch others from: nothing is fetched for it.
    static X509ChainPolicy NoDownloads() => new() { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };

    static X509Certificate2Collection Certificates(string file)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return certificates.Count > 0 ? certificates : throw new CryptographicException("there is no certificate in it");
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

/// <summary>Gives the transport of an actor system its certificate.</summary>
sealed class NodeTlsSetup(NodeTls tls) : Setup
{
    /// <summary>Whom the node takes for another.</summary>
    internal NodeTls Tls => tls;
}
