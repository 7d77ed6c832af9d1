namespace AkkaJoin.Shards.Protocol;

/// <summary>Asks for <see cref="GroupStatus"/>.</summary>
sealed record AskStatus(int Group) : IGroupMessage;
