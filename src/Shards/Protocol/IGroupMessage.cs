namespace AkkaJoin.Shards.Protocol;

/// <summary>A message to one key group, by way of the shard region.</summary>
interface IGroupMessage : IWireMessage
{
    /// <summary>The key group.</summary>
    int Group { get; }
}
