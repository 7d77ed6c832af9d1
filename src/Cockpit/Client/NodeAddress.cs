using System.Globalization;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Client;

/// <summary>Where a node's HTTP port is.</summary>
/// <param name="Host">The host name or address.</param>
/// <param name="Port">The port.</param>
/// <param name="IsSecure">Whether it speaks TLS.</param>
sealed record NodeAddress(string Host, int Port, bool IsSecure)
{
    /// <summary>The port that a node has where its configuration says nothing.</summary>
    internal static NodeAddress Standard { get; } = new("127.0.0.1", AdminSettings.StandardPort, IsSecure: false);

    /// <summary>
    /// Below which path of the port the node is, as in an application that has other pages too: <c>/ops/join</c>; "" =
    /// the port is the node's.
    /// </summary>
    internal string Path { get; init; } = "";

    /// <summary>Whether it is on this machine.</summary>
    internal bool IsLoopback => LoopbackHost.Is(Host);

    /// <summary>The address for HTTP.</summary>
    internal Uri Uri => new($"{(IsSecure ? "https" : "http")}://{this}/");

    /// <summary>
    /// "HOST:PORT", by TLS unless the host is this machine, or "http://HOST:PORT" and "https://HOST:PORT", each with a
    /// path behind it where the node has one; null where it is none.
    /// </summary>
    internal static NodeAddress? Parse(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var whole = (scheme < 0 ? text : text[(scheme + 3)..]).TrimEnd('/');
        var slash = whole.IndexOf('/', StringComparison.Ordinal);
        var (rest, path) = slash < 0 ? (whole, "") : (whole[..slash], whole[slash..]);
        if (path.AsSpan().IndexOfAny('?', '#') >= 0)
            return null;
        var colon = rest.LastIndexOf(':');
        var isPort = ushort.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port);
        if (colon <= 0 || !isPort || port == 0)
            return null;
        var plain = new NodeAddress(rest[..colon].Trim('[', ']'), port, IsSecure: false) { Path = path };
        return (scheme < 0 ? "" : text[..scheme]) switch
        {
            "" => plain with { IsSecure = !plain.IsLoopback },
            "http" => plain,
            "https" => plain with { IsSecure = true },
            _ => null,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => (Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}") + Path;
}
