namespace AkkaJoin.Cockpit.Web;

/// <summary>What the HTTP port takes at most.</summary>
sealed record CockpitLimits
{
    /// <summary>The limits of a node.</summary>
    internal static CockpitLimits Standard { get; } = new();

    /// <summary>Connections at a time; more are closed at once.</summary>
    internal int ConnectionsMax { get; init; } = 256;

    /// <summary>Requests that are worked on at a time.</summary>
    internal int RequestsMax { get; init; } = 16;

    /// <summary>Requests that wait for those; more get 503.</summary>
    internal int WaitingMax { get; init; } = 256;

    /// <summary>Bytes of a request's body.</summary>
    internal int BodyBytesMax { get; init; } = 64 * 1024;

    /// <summary>Bytes of a request's headers.</summary>
    internal int HeaderBytesMax { get; init; } = 16 * 1024;

    /// <summary>How long the headers of a request may take.</summary>
    internal TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection may be idle.</summary>
    internal TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a node's stop waits for requests under way.</summary>
    internal TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
