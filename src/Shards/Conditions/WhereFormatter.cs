using System.Globalization;
using System.Text;

namespace AkkaJoin.Shards.Conditions;

/// <summary>Writes the canonical text of a condition.</summary>
sealed class WhereFormatter(IReadOnlyList<string> leftFields, IReadOnlyList<string> rightFields, bool isFilter)
{
    readonly StringBuilder _text = new();

    internal string Format(Condition condition)
    {
        Append(condition);
        return _text.ToString();
    }

    void Append(Condition condition)
    {
        switch (condition)
        {
            case AllOf all:
                AppendList(all.Conditions, " and ", "1 = 1");
                break;
            case AnyOf any:
                AppendList(any.Conditions, " or ", "1 = 2");
                break;
            case Comparison comparison:
                Append(comparison.A);
                _text.Append(Symbol(comparison.Operator));
                Append(comparison.B);
                break;
            case IsNull isNull:
                Append(isNull.A);
                _text.Append(" is null");
                break;
            case Not { Condition: IsNull isNull }:
                Append(isNull.A);
                _text.Append(" is not null");
                break;
            case OneOf oneOf:
                Append(oneOf, " in (");
                break;
            case Not { Condition: OneOf oneOf }:
                Append(oneOf, " not in (");
                break;
            case Not not:
                _text.Append("not (");
                Append(not.Condition);
                _text.Append(')');
                break;
        }
    }

    void AppendList(IReadOnlyList<Condition> conditions, string word, string empty)
    {
        if (conditions.Count == 0)
            _text.Append(empty);
        for (var i = 0; i < conditions.Count; i++)
        {
            _text.Append(i == 0 ? "" : word);
            // A list in a list always stands in parentheses, where the precedence would do without them too: one form
            // for one condition.
            var parentheses = conditions.Count > 1 && conditions[i] is AllOf or AnyOf;
            _text.Append(parentheses ? "(" : "");
            Append(conditions[i]);
            _text.Append(parentheses ? ")" : "");
        }
    }

    void Append(OneOf oneOf, string words)
    {
        Append(oneOf.A);
        _text.Append(words);
        for (var i = 0; i < oneOf.Values.Count; i++)
        {
            _text.Append(i == 0 ? "" : ", ");
            Append(oneOf.Values[i]);
        }

        _text.Append(')');
    }

    void Append(Operand operand)
    {
        if (operand is FieldOperand field)
        {
            var names = FieldPath.Parse((field.Side == Side.Left ? leftFields : rightFields)[field.Index]);
            var path = FieldPath.Format(names);
            if (!isFilter)
                _text.Append(field.Side == Side.Left ? "left." : "right.");
            else if (path[0] != '"' && WhereParser.IsReserved(names[0]))
                path = $"\"{names[0]}\"{path[names[0].Length..]}";
            _text.Append(path);
            return;
        }

        _text.Append(operand);
    }

    internal static string Format(in TypedValue constant) => constant.Type switch
    {
        FieldType.False => "false",
        FieldType.True => "true",
        FieldType.Int64 => constant.Int64.ToString(CultureInfo.InvariantCulture),
        FieldType.Double when double.IsInfinity(constant.Double) => constant.Double > 0 ? "1e999" : "-1e999",
        FieldType.Double => constant.Double.ToString("R", CultureInfo.InvariantCulture),
        FieldType.Number => constant.Number.ToString(),
        FieldType.Text => "'" + Encoding.UTF8.GetString(constant.Text).Replace("'", "''", StringComparison.Ordinal) + "'",
        _ => "null",
    };

    static string Symbol(ComparisonOperator op) => op switch
    {
        ComparisonOperator.Equal => " = ",
        ComparisonOperator.NotEqual => " != ",
        ComparisonOperator.Less => " < ",
        ComparisonOperator.LessOrEqual => " <= ",
        ComparisonOperator.Greater => " > ",
        _ => " >= ",
    };
}
