using System.Text.Json;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Host.Scenarios;

/// <summary>
/// Reads <c>residual</c>, which is <c>where</c> as data: a list of conditions that must all hold. Attributes are names of the record
/// step, not paths.
/// </summary>
sealed class ResidualReader
{
    readonly List<string> _left = [];
    readonly List<string> _right = [];

    /// <summary>The left attributes that conditions name, in the order of their indexes.</summary>
    internal IReadOnlyList<string> LeftAttributes => _left;

    /// <summary>The right attributes that conditions name, in the order of their indexes.</summary>
    internal IReadOnlyList<string> RightAttributes => _right;

    /// <exception cref="ScenarioRefusedException">It is no list of conditions.</exception>
    internal Condition Read(JsonElement residual) => new AllOf(ReadList(residual, "residual"));

    List<Condition> ReadList(JsonElement list, string name)
    {
        if (list.ValueKind != JsonValueKind.Array)
            throw new ScenarioRefusedException($"\"{name}\" is {list.Describe()}, not a list of conditions");
        return [.. list.EnumerateArray().Select(ReadOne)];
    }

    Condition ReadOne(JsonElement condition)
    {
        if (condition.ValueKind != JsonValueKind.Object)
            throw new ScenarioRefusedException($"a condition of \"residual\" is {condition.Describe()}, not an object");
        if (condition.TryGetProperty("or", out var any))
            return new AnyOf(ReadList(any, "or"));
        if (condition.TryGetProperty("and", out var all))
            return new AllOf(ReadList(all, "and"));
        return new Comparison(ReadOperator(condition), ReadOperand(condition, "a"), ReadOperand(condition, "b"));
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

    Operand ReadOperand(JsonElement condition, string name)
    {
        var operand = condition.Required(name, JsonValueKind.Object);
        if (operand.TryGetProperty("const", out var constant))
            return Constant(constant);
        if (operand.TryGetProperty("left", out var left))
            return Attribute(Side.Left, _left, left);
        if (operand.TryGetProperty("right", out var right))
            return Attribute(Side.Right, _right, right);
        throw new ScenarioRefusedException($"\"{name}\" of a condition has none of left, right, const");
    }

    static ConstantOperand Constant(JsonElement constant) => constant.ValueKind switch
    {
        JsonValueKind.String => ConstantOperand.Of(constant.GetString()!),
        JsonValueKind.Number when constant.TryGetInt64(out var whole) => ConstantOperand.Of(whole),
        JsonValueKind.Number => ConstantOperand.Of(constant.GetDouble()),
        JsonValueKind.True or JsonValueKind.False => ConstantOperand.Of(constant.GetBoolean()),
        _ => ConstantOperand.Null,
    };

    static FieldOperand Attribute(Side side, List<string> attributes, JsonElement name)
    {
        if (name.ValueKind != JsonValueKind.String)
            throw new ScenarioRefusedException($"an attribute of \"residual\" is {name.Describe()}, not a name");
        var attribute = name.GetString()!;
        if (attribute.Contains('\n', StringComparison.Ordinal))
            throw new ScenarioRefusedException("an attribute of \"residual\" has a line break in its name");
        var index = attributes.IndexOf(attribute);
        if (index < 0)
        {
            index = attributes.Count;
            attributes.Add(attribute);
        }

        return new FieldOperand(side, index);
    }
}
