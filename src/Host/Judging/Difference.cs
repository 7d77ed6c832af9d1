namespace AkkaJoin.Host.Judging;

/// <summary>A row, or dead letter, that is missing or should not be.</summary>
/// <param name="Kind">"missing", "extra" or "missing-dead-letter".</param>
/// <param name="Detail">What is wrong, in a sentence.</param>
/// <param name="Row">The row's value as text: the one that was expected, or the one that was found.</param>
/// <param name="OutputPartition">Where an extra row lies, or null.</param>
/// <param name="OutputOffset">Where an extra row lies, or null.</param>
/// <param name="Records">The source records that it joins, or that come closest to it.</param>
public sealed record Difference(
    string Kind, string Detail, string? Row, int? OutputPartition, long? OutputOffset, IReadOnlyList<InvolvedRecord> Records);
