using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Host.Validation;

/// <summary>A field that conditions read, as it stands in the tables of the validation.</summary>
/// <param name="Type">What it is; a decimal number is one whether it is whole or not.</param>
/// <param name="Number">The value of a number.</param>
/// <param name="Double">The value of a binary number, which only a decoder of the user's own gives.</param>
/// <param name="Text">The value of a text.</param>
readonly record struct SqlField(FieldType Type, SqlNumber Number = default, double Double = 0, byte[]? Text = null)
{
    /// <summary>
    /// Reads a field of a JSON value; false where conditions cannot read it, so that the record is a dead letter.
    /// </summary>
    internal static bool TryRead(JsonElement json, IReadOnlyList<string> path, out SqlField field)
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
                field = new SqlField(json.GetBoolean() ? FieldType.True : FieldType.False);
                break;
            case JsonValueKind.Number:
                isGood = SqlNumber.TryParse(json.GetRawText(), out var number);
                field = new SqlField(FieldType.Number, number);
                break;
            case JsonValueKind.String:
                try
                {
                    field = new SqlField(FieldType.Text, Text: Encoding.UTF8.GetBytes(json.GetString()!));
                }
                catch (InvalidOperationException)
                {
                    isGood = false; // half of a surrogate pair
                }

                break;
            case JsonValueKind.Object or JsonValueKind.Array:
                field = new SqlField(FieldType.Composite);
                break;
        }

        return isGood;
    }

    /// <summary>A constant, or a field that a decoder of the user's own gave.</summary>
    internal static SqlField Of(in TypedValue value)
    {
        if (value.Type is not (FieldType.Int64 or FieldType.Number))
            return new SqlField(value.Type, Double: value.Double, Text: value.Type == FieldType.Text ? value.Text.ToArray() : null);
        var text = value.Type == FieldType.Int64
            ? value.Int64.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : value.Number.ToString();
        return SqlNumber.TryParse(text, out var number)
            ? new SqlField(FieldType.Number, number)
            : throw new InvalidOperationException($"the number {text} is out of range");
    }
}

/// <summary>
/// A number as the validator compares it: sign and 34 digits, those that are missing filled with zeros, and the
/// exponent of the first one. Read from its text by the validator itself, so that an error of the decoder's reading is
/// found.
/// </summary>
/// <param name="Exponent">The exponent of the first digit; 0 of zero.</param>
/// <param name="Digits">34 digits with their sign; 0 of zero.</param>
/// <param name="Nearest">The double next to it, by which it is compared with binary numbers.</param>
readonly record struct SqlNumber(int Exponent, BigInteger Digits, double Nearest)
{
    const int Length = 34;

    /// <summary>The number as one of 64 bits, or null.</summary>
    internal long? Int64
    {
        get
        {
            if (Digits.IsZero)
                return 0;
            if (Exponent is < 0 or > 18)
                return null;
            var whole = BigInteger.DivRem(Digits, BigInteger.Pow(10, Length - 1 - Exponent), out var rest);
            return rest.IsZero && whole >= long.MinValue && whole <= long.MaxValue ? (long)whole : null;
        }
    }

    /// <summary>
    /// Reads a number as JSON writes it; false where it has more digits, or a larger exponent, than are compared.
    /// </summary>
    internal static bool TryParse(string text, out SqlNumber number)
    {
        number = default;
        var e = text.IndexOfAny(['e', 'E']);
        var mantissa = e < 0 ? text : text[..e];
        var exponent = e < 0
            ? BigInteger.Zero
            : BigInteger.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        var significant = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('-', '0');
        if (significant.Length == 0)
            return true;
        exponent += significant.Length - 1;
        significant = significant.TrimEnd('0');
        if (significant.Length > Length || BigInteger.Abs(exponent) > ExactNumber.ExponentMax)
            return false;
        var digits = BigInteger.Parse(significant.PadRight(Length, '0'), NumberStyles.None, CultureInfo.InvariantCulture);
        number = new SqlNumber(
            (int)exponent, text[0] == '-' ? -digits : digits, double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
        return true;
    }
}
