namespace AkkaJoin.Shards.Conditions;

/// <summary>
/// Compares two values. Does not hold where they cannot be compared (one is missing or null, or their kinds differ), with != neither.
/// </summary>
/// <param name="Operator">How they are compared.</param>
/// <param name="A">The value before the operator.</param>
/// <param name="B">The value after the operator.</param>
public sealed record Comparison(ComparisonOperator Operator, Operand A, Operand B) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields)
    {
        var a = A.Read(leftFields, rightFields);
        var b = B.Read(leftFields, rightFields);
        return TypedValue.TryCompare(a, b, out var order) && Operator switch
        {
            ComparisonOperator.Equal => order == 0,
            ComparisonOperator.NotEqual => order != 0,
            ComparisonOperator.Less => order < 0,
            ComparisonOperator.LessOrEqual => order <= 0,
            ComparisonOperator.Greater => order > 0,
            _ => order >= 0,
        };
    }
}
