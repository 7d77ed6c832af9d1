using System.Text;
using System.Text.Json.Nodes;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// Values for the fields that a condition reads, such that it holds for some pairs and not for others.
/// </summary>
sealed class ConditionValues
{
    const int Numbers = 10;
    readonly Dictionary<(Side Side, int Field), List<JsonValue>> _values = [];

    internal ConditionValues(Condition? condition)
    {
        if (condition is not null)
            Collect(condition);
    }

    /// <summary>A value for a field.</summary>
    internal JsonValue Pick(Side side, int field, Random random) => _values.TryGetValue((side, field), out var values)
        ? (JsonValue)values[random.Next(values.Count)].DeepClone()
        : JsonValue.Create(random.Next(Numbers));

    void Collect(Condition condition)
    {
        switch (condition)
        {
            case AllOf all:
                foreach (var each in all.Conditions)
                    Collect(each);
                break;
            case AnyOf any:
                foreach (var each in any.Conditions)
                    Collect(each);
                break;
            case Not not:
                Collect(not.Condition);
                break;
            case OneOf { A: FieldOperand field } oneOf:
                foreach (var constant in oneOf.Values.OfType<ConstantOperand>())
                    Add(field, constant.Value);
                break;
            case Comparison { A: FieldOperand field, B: ConstantOperand constant }:
                Add(field, constant.Value);
                break;
            case Comparison { A: ConstantOperand constant, B: FieldOperand field }:
                Add(field, constant.Value);
                break;
            default:
                break; // two fields: numbers of one small range on both sides
        }
    }

    // As it is written: a number of JSON needs not be one of .NET.
    static JsonValue Json(string number) => (JsonValue)JsonNode.Parse(number)!;

    void Add(FieldOperand field, in TypedValue value)
    {
        if (!_values.TryGetValue((field.Side, field.Index), out var values))
            _values[(field.Side, field.Index)] = values = [];
        switch (value.Type)
        {
            case FieldType.Int64:
                values.AddRange([JsonValue.Create(value.Int64), JsonValue.Create(value.Int64 - 1), JsonValue.Create(value.Int64 + 1)]);
                break;
            case FieldType.Double:
                values.AddRange([JsonValue.Create(value.Double), JsonValue.Create(value.Double - 1), JsonValue.Create(value.Double + 1)]);
                break;
            case FieldType.Number:
                values.AddRange([Json(value.Number.ToString()), JsonValue.Create(0), JsonValue.Create(Numbers)]);
                break;
            case FieldType.Text:
                var text = Encoding.UTF8.GetString(value.Text);
                values.AddRange([JsonValue.Create(text), JsonValue.Create(text), JsonValue.Create(text + "x")]);
                break;
            default:
                values.AddRange([JsonValue.Create(true), JsonValue.Create(false)]);
                break;
        }
    }
}
