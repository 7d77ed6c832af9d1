namespace AkkaJoin.Pipeline.Settings;

/// <summary>Mutual TLS between nodes, <c>akkajoin.cluster.tls</c>: each shows a certificate that the authority signed.</summary>
/// <param name="CertificateFile">This node's certificate, PEM.</param>
/// <param name="KeyFile">Its private key, PEM.</param>
/// <param name="AuthorityFile">The certificates of the authorities that other nodes' certificates must come from, PEM.</param>
public sealed record TlsSettings(string CertificateFile, string KeyFile, string AuthorityFile);
