namespace AkkaJoin.Host.Administration;

/// <summary>What the administration port takes at most.</summary>
/// <param name="LineBytesMax">A question, without its end of line.</param>
/// <param name="ConnectionsMax">Connections at a time.</param>
/// <param name="IdleTimeout">How long a connection may ask nothing, or leave an answer unread.</param>
/// <param name="StopTimeout">How long the node's stop waits for an answer that is under way.</param>
sealed record AdminLimits(int LineBytesMax, int ConnectionsMax, TimeSpan IdleTimeout, TimeSpan StopTimeout)
{
    internal static AdminLimits Standard { get; } = new(64 * 1024, 16, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5));
}
