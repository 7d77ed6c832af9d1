using System.Text;
using System.Text.Json;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Host.Judging;

/// <summary>A field that conditions read, as it stands in the judge's tables.</summary>
/// <param name="Type">What it is; a decimal number is one whether it is whole or not.</param>
/// <param name="Number">The value of a number.</param>
/// <param name="Double">The value of a binary number, which only a decoder of the user's own gives.</param>
/// <param name="Text">The value of a text.</param>
readonly record struct JudgedField(FieldType Type, JudgeNumber Number = default, double Double = 0, byte[]? Text = null)
{
    /// <summary>Reads a field of a JSON value; false where it cannot be judged, so that the record is a dead letter.</summary>
    internal static bool TryRead(JsonElement json, IReadOnlyList<string> path, out JudgedField field)
    {
        field = default;
        foreach (var name in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
                return true;
        }

        var isGood = true;
        switch (json.ValueKind)
        {
            case JsonValueKind.False or JsonValueKind.True:
                field = new JudgedField(json.GetBoolean() ? FieldType.True : FieldType.False);
                break;
            case JsonValueKind.Number:
                isGood = JudgeNumber.TryParse(json.GetRawText(), out var number);
                field = new JudgedField(FieldType.Number, number);
                break;
            case JsonValueKind.String:
                try
                {
                    field = new JudgedField(FieldType.Text, Text: Encoding.UTF8.GetBytes(json.GetString()!));
                }
                catch (InvalidOperationException)
                {
                    isGood = false; // half of a surrogate pair
                }

                break;
            case JsonValueKind.Object or JsonValueKind.Array:
                field = new JudgedField(FieldType.Composite);
                break;
        }

        return isGood;
    }

    /// <summary>A constant, or a field that a decoder of the user's own gave.</summary>
    internal static JudgedField Of(in TypedValue value)
    {
        if (value.Type is not (FieldType.Int64 or FieldType.Number))
            return new JudgedField(value.Type, Double: value.Double, Text: value.Type == FieldType.Text ? value.Text.ToArray() : null);
        var text = value.Type == FieldType.Int64
            ? value.Int64.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : value.Number.ToString();
        return JudgeNumber.TryParse(text, out var number)
            ? new JudgedField(FieldType.Number, number)
            : throw new InvalidOperationException($"the number {text} is out of range");
    }
}
