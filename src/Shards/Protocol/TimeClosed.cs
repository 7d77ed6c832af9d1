namespace AkkaJoin.Shards.Protocol;

/// <summary>Time is closed and the rows are out.</summary>
sealed record TimeClosed(int Group) : IWireMessage;
