namespace AkkaJoin.Host.Chaos;

/// <summary>One copy of a row in the output topic.</summary>
/// <param name="Writer">The id of the producer that wrote it, or nothing where the rows do not say.</param>
/// <param name="AtMs">When it was appended, ms since the epoch.</param>
readonly record struct RowCopy(string Writer, long AtMs);
