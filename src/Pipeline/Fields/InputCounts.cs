namespace AkkaJoin.Pipeline.Fields;

/// <summary>What was found of the configured fields in this process since its start, and what not.</summary>
/// <param name="Left">The left side.</param>
/// <param name="Right">The right side.</param>
/// <param name="Select">The fields of <c>output.select</c>, over the rows of the key groups that ran here.</param>
sealed record InputCounts(SideCounts Left, SideCounts Right, IReadOnlyList<FieldCount> Select)
{
    internal static readonly InputCounts None = new(SideCounts.None, SideCounts.None, []);
}
