namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// What sharding says to a key group that another node is to have: it takes nothing more, waits until its rows are confirmed, journals that,
/// and stops.
/// </summary>
sealed record StopGroup : IWireMessage
{
    internal static readonly StopGroup Instance = new();
}
