namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// The group has journaled all that lies below these offsets, and the rows that came of it are acknowledged by the broker.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="Items">What is acknowledged.</param>
sealed record GroupAck(int Group, CoveredPartition[] Items) : IWireMessage;
