namespace AkkaJoin.Pipeline.Settings;

/// <summary>The cluster that <c>akkajoin run</c> is a node of, <c>akkajoin.cluster</c>.</summary>
sealed record ClusterSettings
{
    /// <summary>The host name or address at which the other nodes reach this one.</summary>
    public string Hostname { get; init; } = "127.0.0.1";

    /// <summary>The address to listen on; null = that of <see cref="Hostname"/>.</summary>
    public string? BindHostname { get; init; }

    /// <summary>The port; 0 = any that is free.</summary>
    public int Port { get; init; }

    /// <summary>"host:port" of nodes to join; empty = the nodes that have the journal.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>
    /// How long the seeds may stay silent before a node asks for the journal's lease to form the cluster itself, ms.
    /// </summary>
    public int FormAfterMs { get; init; } = 5_000;

    /// <summary>How long the journal stays reserved for a cluster that is silent, ms.</summary>
    public int LeaseTimeoutMs { get; init; } = 15_000;

    /// <summary>
    /// The certificates of mutual TLS, or null: the nodes are all on this machine, and make their own.
    /// </summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>
    /// Whether the nodes speak without TLS, as release 0.1.0 did on loopback: for a rolling upgrade from it.
    /// </summary>
    public bool IsPlain { get; init; }
}

/// <summary>
/// Mutual TLS between nodes, <c>akkajoin.cluster.tls</c>: each shows a certificate that the authority signed.
/// </summary>
/// <param name="CertificateFile">This node's certificate, PEM.</param>
/// <param name="KeyFile">Its private key, PEM.</param>
/// <param name="AuthorityFile">
/// The certificates of the authorities that other nodes' certificates must come from, PEM.
/// </param>
sealed record TlsSettings(string CertificateFile, string KeyFile, string AuthorityFile);
