namespace AkkaJoin.Shards.Conditions;

/// <summary>Holds where its condition fails; like it, it does neither where nothing can be said.</summary>
/// <param name="Condition">What must fail.</param>
public sealed record Not(Condition Condition) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields) => Condition.Fails(leftFields, rightFields);

    /// <inheritdoc/>
    public override bool Fails(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields) => Condition.Holds(leftFields, rightFields);
}
