namespace AkkaJoin.Shards.Conditions;

/// <summary>Holds where a field is missing or null, else fails. An object or a list is not null, though nothing compares with it.</summary>
/// <param name="A">The value.</param>
public sealed record IsNull(Operand A) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields) =>
        A.Read(leftFields, rightFields).Type == FieldType.Missing;

    /// <inheritdoc/>
    public override bool Fails(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields) => !Holds(leftFields, rightFields);
}
