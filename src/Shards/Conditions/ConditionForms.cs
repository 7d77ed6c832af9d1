namespace AkkaJoin.Shards.Conditions;

/// <summary>What a condition needs of the format that it is journaled in, and how the first format reads it.</summary>
static class ConditionForms
{
    /// <summary>Whether there is a condition in it that format 1 does not know.</summary>
    internal static bool IsNew(Condition condition) => condition switch
    {
        AllOf all => all.Conditions.Any(IsNew),
        AnyOf any => any.Conditions.Any(IsNew),
        Comparison => false,
        _ => true,
    };

    /// <summary>Whether there is a decimal number in it; format 1 knows whole numbers and doubles alone.</summary>
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

    /// <summary>The condition with each decimal number as the double next to it.</summary>
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
