using System.Globalization;
using Akka.Cluster.Sharding;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>Shard = entity = key group. The texts are made once.</summary>
sealed class KeyGroupExtractor(int groups) : IMessageExtractor
{
    readonly string[] _names = [.. Enumerable.Range(0, groups).Select(g => g.ToString(CultureInfo.InvariantCulture))];

    /// <inheritdoc/>
    public string? EntityId(object message) =>
        message is IKeyGroupMessage m && (uint)m.Group < (uint)_names.Length ? _names[m.Group] : null;

    /// <inheritdoc/>
    public object EntityMessage(object message) => message;

    /// <inheritdoc/>
    public string ShardId(string entityId, object? messageHint = null) => entityId;

    /// <inheritdoc/>
    [Obsolete("Use ShardId(EntityId, object) instead.")]
    public string ShardId(object message) => EntityId(message)!;
}
