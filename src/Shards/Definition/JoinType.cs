namespace AkkaJoin.Shards.Definition;

/// <summary>What comes out of a join. The numbers are part of the journaled definition.</summary>
public enum JoinType : byte
{
    /// <summary>Pairs only.</summary>
    Inner = 0,

    /// <summary>Pairs, and lefts without a partner.</summary>
    Left = 1,

    /// <summary>Pairs, and rights without a partner.</summary>
    Right = 2,

    /// <summary>Pairs, and records of both sides without a partner.</summary>
    Full = 3,

    /// <summary>One row per right with the lefts it took, and lefts that nothing took.</summary>
    Attribution = 4,
}
