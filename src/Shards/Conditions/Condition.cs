namespace AkkaJoin.Shards.Conditions;

/// <summary>
/// A condition between fields of both sides, as <c>where</c> has it: <see cref="AllOf"/>, <see cref="AnyOf"/>, <see cref="Not"/>, a
/// <see cref="Comparison"/>, <see cref="OneOf"/> or <see cref="IsNull"/>. Pure: reads the typed fields that travel with each record. Equal
/// where it is built alike. As in SQL it holds, fails, or does neither, where a value is missing or cannot be compared.
/// </summary>
public abstract record Condition
{
    private protected Condition()
    {
    }

    /// <summary>Whether the pair fulfils it. The spans are in the form of <see cref="TypedFields"/>; empty = every field is missing.</summary>
    public abstract bool Holds(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields);

    /// <summary>Whether the pair certainly does not fulfil it, so that its negation holds. Never where it <see cref="Holds"/>.</summary>
    public abstract bool Fails(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields);
}
