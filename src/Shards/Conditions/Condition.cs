namespace AkkaJoin.Shards.Conditions;

/// <summary>
/// A condition between fields of both sides, as <c>where</c> has it: <see cref="AllOf"/>, <see cref="AnyOf"/> or a
/// <see cref="Comparison"/>. Pure: reads the typed fields that travel with each record. Equal where it is built alike.
/// </summary>
public abstract record Condition
{
    private protected Condition()
    {
    }

    /// <summary>Whether the pair fulfils it. The spans are in the form of <see cref="TypedFields"/>; empty = every field is missing.</summary>
    public abstract bool Holds(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields);
}
