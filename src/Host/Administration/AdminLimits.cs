namespace AkkaJoin.Host.Administration;

/// <summary>What the administration port takes at most.</summary>
/// <param name="LineBytesMax">A question, without its end of line.</param>
/// <param name="ConnectionsMax">Connections at a time.</param>
/// <param name="IdleTimeout">How long a connection may ask nothing, or leave an answer unread.</param>
sealed record AdminLimits(int LineBytesMax, int ConnectionsMax, TimeSpan IdleTimeout)
{
    internal static AdminLimits Standard { get; } = new(64 * 1024, 16, TimeSpan.FromMinutes(5));
}
