namespace AkkaJoin.Pipeline.Settings;

/// <summary>The HTTP port of a node for health, metrics, page and commands, <c>akkajoin.admin</c>.</summary>
sealed record AdminSettings
{
    /// <summary>The port that a node has where its configuration says nothing.</summary>
    internal const int StandardPort = 9_110;

    /// <summary>The address to listen on; anything but loopback has <see cref="Tls"/>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port; 0 = any that is free, null = none.</summary>
    public int? Port { get; init; } = StandardPort;

    /// <summary>
    /// A second port on all addresses, without TLS, that answers <c>/health/live</c> and <c>/health/ready</c> alone;
    /// null = none.
    /// </summary>
    public int? HealthPort { get; init; }

    /// <summary>The certificate of the port; null = plain HTTP.</summary>
    public AdminTlsSettings? Tls { get; init; }

    /// <summary>The rights of those who show a client certificate, by its subject.</summary>
    public IReadOnlyList<AdminGrant> Clients { get; init; } = [];

    /// <summary>The tokens and their rights; beside them there is the one that the node makes itself.</summary>
    public IReadOnlyList<AdminGrant> Tokens { get; init; } = [];

    /// <summary>How much of topics may be read for an answer.</summary>
    public ExplainLimits Explain { get; init; } = new();

    /// <summary>Whether only this machine reaches the port.</summary>
    internal bool IsLoopback => LoopbackHost.Is(Host);
}

/// <summary>The certificate of the HTTP port, <c>akkajoin.admin.tls</c>.</summary>
/// <param name="CertificateFile">The certificate, PEM.</param>
/// <param name="KeyFile">Its private key, PEM.</param>
/// <param name="ClientAuthorityFile">
/// The authorities that client certificates come from, PEM; null = none are asked for.
/// </param>
sealed record AdminTlsSettings(string CertificateFile, string KeyFile, string? ClientAuthorityFile);

/// <summary>A right that somebody has.</summary>
/// <param name="Name">Who: a token's name, or a client certificate's subject.</param>
/// <param name="Right">What they may do.</param>
/// <param name="File">The token's file; null for a certificate.</param>
sealed record AdminGrant(string Name, AdminRight Right, string? File);

/// <summary>What a caller may ask for. Each right includes those before it.</summary>
enum AdminRight
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Figures: counts, times, offsets, where key groups live.</summary>
    State,

    /// <summary>What records hold: keys, values, explanations, late records and dead letters.</summary>
    Data,

    /// <summary>Acts that change the join or the cluster.</summary>
    Act,
}
