namespace AkkaJoin.Shards.Conditions;

/// <summary>
/// Compares two values. Neither holds nor fails where they cannot be compared (one is missing or null, or their kinds differ), with != neither.
/// </summary>
/// <param name="Operator">How they are compared.</param>
/// <param name="A">The value before the operator.</param>
/// <param name="B">The value after the operator.</param>
public sealed record Comparison(ComparisonOperator Operator, Operand A, Operand B) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields) =>
        TypedValue.TryCompare(A.Read(leftFields, rightFields), B.Read(leftFields, rightFields), out var order) && Holds(order);

    /// <inheritdoc/>
    public override bool Fails(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields) =>
        TypedValue.TryCompare(A.Read(leftFields, rightFields), B.Read(leftFields, rightFields), out var order) && !Holds(order);

    bool Holds(int order) => Operator switch
    {
        ComparisonOperator.Equal => order == 0,
        ComparisonOperator.NotEqual => order != 0,
        ComparisonOperator.Less => order < 0,
        ComparisonOperator.LessOrEqual => order <= 0,
        ComparisonOperator.Greater => order > 0,
        _ => order >= 0,
    };
}
