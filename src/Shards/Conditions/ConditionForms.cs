namespace AkkaJoin.Shards.Conditions;

/// <summary>Which journal format a condition needs, and the condition as format 1 reads it.</summary>
static class ConditionForms
{
    /// <summary>Whether it contains a condition that format 1 does not know.</summary>
    internal static bool IsNew(Condition condition) => condition switch
    {
        AllOf all => all.Conditions.Any(IsNew),
        AnyOf any => any.Conditions.Any(IsNew),
        Comparison => false,
        _ => true,
    };

    /// <summary>Whether it contains a decimal number. Format 1 knows only whole numbers and doubles.</summary>
    internal static bool HasDecimals(Condition condition) => condition switch
    {
        AllOf all => all.Conditions.Any(HasDecimals),
        AnyOf any => any.Conditions.Any(HasDecimals),
        Not not => HasDecimals(not.Condition),
        Comparison comparison => IsDecimal(comparison.A) || IsDecimal(comparison.B),
        OneOf oneOf => IsDecimal(oneOf.A) || oneOf.Values.Any(IsDecimal),
        IsNull isNull => IsDecimal(isNull.A),
        _ => false,
    };

    /// <summary>The condition with each decimal number replaced by the nearest double.</summary>
    internal static Condition WithDoubles(Condition condition) => condition switch
    {
        AllOf all => new AllOf([.. all.Conditions.Select(WithDoubles)]),
        AnyOf any => new AnyOf([.. any.Conditions.Select(WithDoubles)]),
        Not not => new Not(WithDoubles(not.Condition)),
        Comparison comparison => comparison with { A = WithDoubles(comparison.A), B = WithDoubles(comparison.B) },
        OneOf oneOf => new OneOf(WithDoubles(oneOf.A), [.. oneOf.Values.Select(WithDoubles)]),
        IsNull isNull => new IsNull(WithDoubles(isNull.A)),
        _ => condition,
    };

    static Operand WithDoubles(Operand operand) =>
        operand is ConstantOperand constant && IsDecimal(constant) ? ConstantOperand.Of(constant.Value.Number.ToDouble()) : operand;

    static bool IsDecimal(Operand operand) => operand is ConstantOperand { Value.Type: FieldType.Number };
}
