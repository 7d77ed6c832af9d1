using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Shards.Conditions;

/// <summary>A field of one of the records.</summary>
/// <param name="Side">Whose field.</param>
/// <param name="Index">Its place among the side's <see cref="SourceDefinition.Fields"/>.</param>
public sealed record FieldOperand(Side Side, int Index) : Operand
{
    /// <inheritdoc/>
    public override TypedValue Read(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields) =>
        TypedFields.Read(Side == Side.Left ? leftFields : rightFields, Index);
}
