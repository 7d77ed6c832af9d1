using System.Globalization;

namespace AkkaJoin.Host.Administration;

/// <summary>Where a node's administration port is.</summary>
sealed record AdminPlace(string Host, int Port)
{
    /// <summary>The port that a node has where its configuration says nothing.</summary>
    internal static AdminPlace Standard { get; } = new("127.0.0.1", new Pipeline.Settings.ClusterSettings().AdminPort!.Value);

    /// <summary>"HOST:PORT"; null where it is none.</summary>
    internal static AdminPlace? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? new AdminPlace(text[..colon].Trim('[', ']'), port)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
