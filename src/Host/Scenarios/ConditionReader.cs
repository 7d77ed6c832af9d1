using System.Text.Json;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Host.Scenarios;

/// <summary>
/// Reads <c>where</c> as data: a list of conditions that must all be true. Attributes are names of the record step, not
/// paths.
/// </summary>
/// <param name="name">The key that is read: "where", or "filter".</param>
/// <param name="side">The side whose attributes alone a filter may name; null = both.</param>
sealed class ConditionReader(string name = "where", Side? side = null)
{
    readonly List<string> _left = [];
    readonly List<string> _right = [];

    /// <summary>The left attributes that conditions name, in the order of their indexes.</summary>
    internal IReadOnlyList<string> LeftAttributes => _left;

    /// <summary>The right attributes that conditions name, in the order of their indexes.</summary>
    internal IReadOnlyList<string> RightAttributes => _right;

    /// <exception cref="ScenarioRefusedException">It is no list of conditions.</exception>
    internal Condition Read(JsonElement conditions) => new AllOf(ReadList(conditions, name));

    /// <summary>Reads one side's filter.</summary>
    /// <exception cref="ScenarioRefusedException">It is no list of conditions, or names the other side.</exception>
    internal static ParsedFilter ReadFilter(JsonElement filter, Side side)
    {
        var reader = new ConditionReader("filter", side);
        var condition = reader.Read(filter);
        return new ParsedFilter(condition, [.. reader._left.Select(attribute => FieldPath.Format([attribute]))]);
    }

    List<Condition> ReadList(JsonElement list, string key)
    {
        if (list.ValueKind != JsonValueKind.Array)
            throw new ScenarioRefusedException($"\"{key}\" is {list.Describe()}, not a list of conditions");
        return [.. list.EnumerateArray().Select(ReadOne)];
    }

    Condition ReadOne(JsonElement condition)
    {
        if (condition.ValueKind != JsonValueKind.Object)
            throw new ScenarioRefusedException($"a condition of \"{name}\" is {condition.Describe()}, not an object");
        if (condition.TryGetProperty("or", out var any))
            return new AnyOf(ReadList(any, "or"));
        if (condition.TryGetProperty("and", out var all))
            return new AllOf(ReadList(all, "and"));
        if (condition.TryGetProperty("not", out var not))
            return new Not(ReadOne(not));
        if (condition.TryGetProperty("in", out _))
            return new OneOf(ReadOperand(condition, "a"), ReadValues(condition));
        if (condition.TryGetProperty("isNull", out _))
            return new IsNull(ReadOperand(condition, "isNull"));
        return new Comparison(ReadOperator(condition), ReadOperand(condition, "a"), ReadOperand(condition, "b"));
    }

    static List<Operand> ReadValues(JsonElement condition)
    {
        var values = condition.Required("in", JsonValueKind.Array);
        if (values.GetArrayLength() == 0)
            throw new ScenarioRefusedException("\"in\" of a condition is an empty list");
        return [.. values.EnumerateArray().Select(Constant)];
    }

    static ComparisonOperator ReadOperator(JsonElement condition)
    {
        var op = condition.Required("op", JsonValueKind.String);
        return op.GetString() switch
        {
            "lt" => ComparisonOperator.Less,
            "le" => ComparisonOperator.LessOrEqual,
            "gt" => ComparisonOperator.Greater,
            "ge" => ComparisonOperator.GreaterOrEqual,
            "eq" => ComparisonOperator.Equal,
            "ne" => ComparisonOperator.NotEqual,
            _ => throw new ScenarioRefusedException($"\"op\" is {op.Describe()}, not one of lt, le, gt, ge, eq, ne"),
        };
    }

    Operand ReadOperand(JsonElement condition, string operandName)
    {
        var operand = condition.Required(operandName, JsonValueKind.Object);
        if (operand.TryGetProperty("const", out var constant))
            return Constant(constant);
        if (side is { } one)
        {
            // A filter reads one record, and its fields are those of the left, whichever side it filters.
            var word = one == Side.Left ? "left" : "right";
            return operand.TryGetProperty(word, out var attribute)
                ? Attribute(Side.Left, _left, attribute)
                : throw new ScenarioRefusedException($"\"{operandName}\" of a condition of the filter of {word} has none of {word}, const");
        }

        if (operand.TryGetProperty("left", out var left))
            return Attribute(Side.Left, _left, left);
        if (operand.TryGetProperty("right", out var right))
            return Attribute(Side.Right, _right, right);
        throw new ScenarioRefusedException($"\"{operandName}\" of a condition has none of left, right, const");
    }

    static ConstantOperand Constant(JsonElement constant) => constant.ValueKind switch
    {
        JsonValueKind.String => ConstantOperand.Of(constant.GetString()!),
        JsonValueKind.Number => ConstantOperand.OfNumber(constant.GetRawText())
            ?? throw new ScenarioRefusedException(
                $"the number {constant.GetRawText()} has more than 34 digits, or an exponent beyond 6144"),
        JsonValueKind.True or JsonValueKind.False => ConstantOperand.Of(constant.GetBoolean()),
        _ => ConstantOperand.Null,
    };

    FieldOperand Attribute(Side of, List<string> attributes, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw new ScenarioRefusedException($"an attribute of \"{name}\" is {value.Describe()}, not a name");
        var attribute = value.GetString()!;
        if (attribute.Contains('\n', StringComparison.Ordinal))
            throw new ScenarioRefusedException($"an attribute of \"{name}\" has a line break in its name");
        var index = attributes.IndexOf(attribute);
        if (index < 0)
        {
            index = attributes.Count;
            attributes.Add(attribute);
        }

        return new FieldOperand(of, index);
    }
}
