namespace AkkaJoin.Shards.Protocol;

/// <summary>Keeps a key group running: the shard region starts the actor when the message comes and there is none.</summary>
sealed record StartGroup(int Group) : IGroupMessage;
