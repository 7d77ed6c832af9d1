namespace AkkaJoin.Shards.Conditions;

/// <summary>
/// A condition between fields of both sides, as <c>where</c> has it. Pure: reads the typed fields that travel with each record.
/// </summary>
public abstract record Condition
{
    /// <summary>Whether the pair fulfils it. The spans are in the form of <see cref="TypedFields"/>; empty = every field is missing.</summary>
    public abstract bool Holds(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields);
}
