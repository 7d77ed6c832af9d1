namespace AkkaJoin.Pipeline.Fields;

/// <summary>How often a configured field was not there.</summary>
/// <param name="Field">Its path, as the configuration names it.</param>
/// <param name="Records">The records in which it was looked for.</param>
/// <param name="Missing">Those among them in which it is missing or null.</param>
sealed record FieldCount(string Field, long Records, long Missing)
{
    internal FieldCount Since(FieldCount before) => new(Field, Records - before.Records, Missing - before.Missing);
}
