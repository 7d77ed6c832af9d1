namespace AkkaJoin.Shards.Conditions;

/// <summary>What a <see cref="Comparison"/> compares: a <see cref="FieldOperand"/> or a <see cref="ConstantOperand"/>.</summary>
public abstract record Operand
{
    private protected Operand()
    {
    }

    /// <summary>The value for a pair of records. The spans are in the form of <see cref="TypedFields"/>.</summary>
    public abstract TypedValue Read(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields);
}
