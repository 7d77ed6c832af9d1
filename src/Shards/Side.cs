namespace AkkaJoin.Shards;

/// <summary>The two inputs of a join. The numbers are part of every encoding.</summary>
enum Side : byte
{
    /// <summary>The left input, for instance impressions.</summary>
    Left = 0,

    /// <summary>The right input, for instance plays.</summary>
    Right = 1,
}
