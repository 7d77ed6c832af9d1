namespace AkkaJoin.Shards.Outputs;

/// <summary>The rows of one event that the broker has not acknowledged.</summary>
sealed record UnconfirmedOutputs(long Sequence, string Incarnation, byte[] Bytes)
{
    /// <summary>
    /// None of these rows, and none of a later event, lies below it in the output topics, whichever incarnation wrote
    /// it. Null = not known.
    /// </summary>
    internal OutputPositions? From { get; init; }
}
