using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>Says which term of a condition does not hold, with the values that it compares.</summary>
sealed class ConditionCheck
{
    const int TextMax = 80;
    readonly IReadOnlyList<string> _leftFields;
    readonly IReadOnlyList<string> _rightFields;
    readonly bool _isFilter;

    ConditionCheck(IReadOnlyList<string> leftFields, IReadOnlyList<string> rightFields, bool isFilter)
    {
        _leftFields = leftFields;
        _rightFields = rightFields;
        _isFilter = isFilter;
    }

    /// <summary>Which term of <c>where</c> does not hold for a pair.</summary>
    /// <param name="where">The condition; it does not hold.</param>
    /// <param name="leftFields">The paths of the left fields.</param>
    /// <param name="rightFields">The paths of the right fields.</param>
    /// <param name="left">The left record's typed fields.</param>
    /// <param name="right">The right record's typed fields.</param>
    internal static string FailureOfWhere(
        Condition where,
        IReadOnlyList<string> leftFields,
        IReadOnlyList<string> rightFields,
        ReadOnlySpan<byte> left,
        ReadOnlySpan<byte> right) => new ConditionCheck(leftFields, rightFields, isFilter: false).Failure(where, left, right);

    /// <summary>Which term of a filter does not hold.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="fields">The record's typed fields.</param>
    /// <param name="isRead">Whether the fields could be read.</param>
    internal static string FailureOfFilter(ParsedFilter filter, ReadOnlySpan<byte> fields, bool isRead)
    {
        var check = new ConditionCheck(filter.Fields, [], isFilter: true);
        return isRead && !filter.Condition.Holds(fields, default)
            ? check.Failure(filter.Condition, fields, default)
            : check.Text(filter.Condition) + " does not hold";
    }

    string Failure(Condition condition, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (condition is AllOf all)
        {
            foreach (var term in all.Conditions)
            {
                if (!term.Holds(left, right))
                    return Failure(term, left, right);
            }
        }

        var values = new List<string>();
        Values(condition, left, right, values);
        return Text(condition) + " does not hold" + (values.Count > 0 ? ": " + string.Join(", ", values.Distinct()) : "");
    }

    string Text(Condition condition) => _isFilter
        ? WhereParser.FormatFilter(condition, _leftFields)
        : WhereParser.Format(condition, _leftFields, _rightFields);

    void Values(Condition condition, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, List<string> values)
    {
        foreach (var operand in Operands(condition))
        {
            var field = operand.Side == Side.Left ? _leftFields[operand.Index] : _rightFields[operand.Index];
            var name = _isFilter ? field : (operand.Side == Side.Left ? "left." : "right.") + field;
            values.Add(name + " " + Text(operand.Read(left, right)));
        }
    }

    static IEnumerable<FieldOperand> Operands(Condition condition) => condition switch
    {
        AllOf all => all.Conditions.SelectMany(Operands),
        AnyOf any => any.Conditions.SelectMany(Operands),
        Not not => Operands(not.Condition),
        Comparison comparison => new[] { comparison.A, comparison.B }.OfType<FieldOperand>(),
        OneOf oneOf => oneOf.Values.Prepend(oneOf.A).OfType<FieldOperand>(),
        IsNull isNull => new[] { isNull.A }.OfType<FieldOperand>(),
        _ => [],
    };

    static string Text(in TypedValue value)
    {
        switch (value.Type)
        {
            case FieldType.Missing:
                return "is missing or null";
            case FieldType.Composite:
                return "is an object or a list";
            default:
                var text = WhereFormatter.Format(value);
                return "is " + (text.Length > TextMax ? text[..TextMax] + "..." : text);
        }
    }
}
