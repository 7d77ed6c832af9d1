using AkkaJoin.Pipeline.Decoding;

namespace AkkaJoin.Pipeline.Fields;

/// <summary>How often the configured fields were there and missing, in this process since its start.</summary>
/// <param name="Left">The left side.</param>
/// <param name="Right">The right side.</param>
/// <param name="Select">The fields of <c>output.select</c>, over the rows of the key groups that ran here.</param>
sealed record InputCounts(SideCounts Left, SideCounts Right, IReadOnlyList<FieldCount> Select)
{
    internal static readonly InputCounts None = new(SideCounts.None, SideCounts.None, []);

    /// <summary>The counts without what single records hold.</summary>
    internal InputCounts WithoutExamples() => this with
    {
        Left = Left with { Examples = SideCounts.None.Examples },
        Right = Right with { Examples = SideCounts.None.Examples },
    };
}

/// <summary>
/// Counts of the records of one side, and of the fields that they lack, since this process began to read. A record that
/// is read again counts again.
/// </summary>
/// <param name="Read">Records read.</param>
/// <param name="Filtered">Those among them that the side's filter left out.</param>
/// <param name="NullKeys">Those among the joined ones whose key, or a part of it, is null or missing.</param>
/// <param name="WithoutId">Those among the joined ones without an id; null where none is configured.</param>
/// <param name="DeadLetters">Those that could not be decoded, by reason.</param>
/// <param name="Where">The fields that <c>where</c> reads of the joined ones.</param>
/// <param name="Filter">The fields that the side's filter reads.</param>
/// <param name="Fields">Names of fields of a sampled record, if possible of one that lacks something.</param>
/// <param name="Examples">The problem of one dead letter of each reason.</param>
sealed record SideCounts(
    long Read,
    long Filtered,
    long NullKeys,
    long? WithoutId,
    IReadOnlyDictionary<string, long> DeadLetters,
    IReadOnlyList<FieldCount> Where,
    IReadOnlyList<FieldCount> Filter,
    IReadOnlyList<string> Fields,
    IReadOnlyDictionary<string, string> Examples)
{
    internal static readonly SideCounts None =
        new(0, 0, 0, null, new Dictionary<string, long>(), [], [], [], new Dictionary<string, string>());

    internal long DeadLettered => DeadLetters.Values.Sum();

    internal long Routed => Read - Filtered - DeadLettered;

    /// <summary>The counts since an earlier look.</summary>
    internal SideCounts Since(SideCounts before) => new(
        Read - before.Read,
        Filtered - before.Filtered,
        NullKeys - before.NullKeys,
        WithoutId - (before.WithoutId ?? 0),
        DeadLetters.ToDictionary(reason => reason.Key, reason => reason.Value - before.DeadLetters.GetValueOrDefault(reason.Key)),
        Since(Where, before.Where),
        Since(Filter, before.Filter),
        Fields,
        Examples);

    static IReadOnlyList<FieldCount> Since(IReadOnlyList<FieldCount> now, IReadOnlyList<FieldCount> before) =>
        before.Count == 0 ? now : [.. now.Select((count, i) => count.Since(before[i]))];
}
