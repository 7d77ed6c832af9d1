namespace AkkaJoin.Shards.KeyGroups;

/// <summary>A message that the shell sends for the key group.</summary>
readonly record struct KeyGroupReply(object To, object Message);
