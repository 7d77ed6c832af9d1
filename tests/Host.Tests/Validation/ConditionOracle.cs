using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Host.Tests.Validation;

/// <summary>Conditions by brute force, over documents and fractions of big integers: true, false, or null where nothing can be said.</summary>
sealed class ConditionOracle(IReadOnlyList<string> leftFields, IReadOnlyList<string> rightFields)
{
    internal bool? Of(Condition condition, JsonElement left, JsonElement right)
    {
        switch (condition)
        {
            case AllOf all:
                var parts = all.Conditions.Select(c => Of(c, left, right)).ToList();
                return parts.Contains(false) ? false : parts.Contains(null) ? null : true;
            case AnyOf any:
                var options = any.Conditions.Select(c => Of(c, left, right)).ToList();
                return options.Contains(true) ? true : options.Contains(null) ? null : false;
            case Not not:
                return !Of(not.Condition, left, right);
            case IsNull isNull:
                return Value(isNull.A, left, right) is null;
            case OneOf oneOf:
                var equal = oneOf.Values.Select(
                    v => Compare(Value(oneOf.A, left, right), Value(v, left, right)) is { } order ? order == 0 : (bool?)null).ToList();
                return equal.Contains(true) ? true : equal.Contains(null) ? null : false;
            default:
                var comparison = (Comparison)condition;
                return Compare(Value(comparison.A, left, right), Value(comparison.B, left, right)) is not { } o
                    ? null
                    : comparison.Operator switch
                    {
                        ComparisonOperator.Equal => o == 0,
                        ComparisonOperator.NotEqual => o != 0,
                        ComparisonOperator.Less => o < 0,
                        ComparisonOperator.LessOrEqual => o <= 0,
                        ComparisonOperator.Greater => o > 0,
                        _ => o >= 0,
                    };
        }
    }

    // A JSON value, or null.
    JsonElement? Value(Operand operand, JsonElement left, JsonElement right)
    {
        if (operand is ConstantOperand constant)
        {
            var text = constant.ToString();
            return text == "null"
                ? null
                : JsonDocument.Parse(
                    text[0] == '\''
                        ? JsonSerializer.Serialize(text[1..^1].Replace("''", "'", StringComparison.Ordinal))
                        : text).RootElement;
        }

        var field = (FieldOperand)operand;
        var value = field.Side == Side.Left ? left : right;
        foreach (var name in FieldPath.Parse((field.Side == Side.Left ? leftFields : rightFields)[field.Index]))
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                return null;
        }

        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    static int? Compare(JsonElement? a, JsonElement? b)
    {
        if (a is not { } x || b is not { } y)
            return null;
        return (x.ValueKind, y.ValueKind) switch
        {
            (JsonValueKind.Number, JsonValueKind.Number) => CompareNumbers(x.GetRawText(), y.GetRawText()),
            (JsonValueKind.String, JsonValueKind.String) =>
                Encoding.UTF8.GetBytes(x.GetString()!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y.GetString()!)),
            (JsonValueKind.True or JsonValueKind.False, JsonValueKind.True or JsonValueKind.False) =>
                x.GetBoolean().CompareTo(y.GetBoolean()),
            _ => null,
        };
    }

    static int CompareNumbers(string a, string b)
    {
        var (x, y) = (Parsed(a), Parsed(b));
        var least = Math.Min(x.Exponent, y.Exponent);
        return BigInteger.Compare(x.Digits * BigInteger.Pow(10, x.Exponent - least), y.Digits * BigInteger.Pow(10, y.Exponent - least));
    }

    static (BigInteger Digits, int Exponent) Parsed(string text)
    {
        var e = text.IndexOfAny(['e', 'E']);
        var (mantissa, exponent) = e < 0 ? (text, 0) : (text[..e], int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture));
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        return digits.IsZero ? (0, 0) : (digits, exponent - (point < 0 ? 0 : mantissa.Length - point - 1));
    }
}
