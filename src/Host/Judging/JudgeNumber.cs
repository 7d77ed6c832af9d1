using System.Globalization;
using System.Numerics;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Host.Judging;

/// <summary>
/// A number as the judge compares it: sign and 34 digits, those that are missing filled with zeros, and the exponent of the first one. Read
/// from its text by the judge itself, so that an error of the decoder's reading is found.
/// </summary>
/// <param name="Exponent">The exponent of the first digit; 0 of zero.</param>
/// <param name="Digits">34 digits with their sign; 0 of zero.</param>
/// <param name="Nearest">The double next to it, by which it is compared with binary numbers.</param>
readonly record struct JudgeNumber(int Exponent, BigInteger Digits, double Nearest)
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

    /// <summary>Reads a number as JSON writes it; false where it has more digits, or another exponent, than are judged.</summary>
    internal static bool TryParse(string text, out JudgeNumber number)
    {
        number = default;
        var e = text.IndexOfAny(['e', 'E']);
        var mantissa = e < 0 ? text : text[..e];
        var exponent = e < 0 ? BigInteger.Zero : BigInteger.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
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
        number = new JudgeNumber(
            (int)exponent, text[0] == '-' ? -digits : digits, double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
        return true;
    }
}
