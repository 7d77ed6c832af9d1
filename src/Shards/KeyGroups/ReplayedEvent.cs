namespace AkkaJoin.Shards.KeyGroups;

/// <summary>What a replay says of an event.</summary>
enum ReplayedEvent
{
    /// <summary>It was applied.</summary>
    Applied,

    /// <summary>One is missing before it: by another incarnation's deletion, or by damage.</summary>
    Hole,

    /// <summary>Its bytes are not those that were written.</summary>
    Damaged,

    /// <summary>Whoever wrote it had another event before it.</summary>
    Foreign,
}
