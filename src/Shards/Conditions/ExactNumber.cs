using System.Buffers;
using System.Globalization;
using System.Text;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Conditions;

/// <summary>
/// A decimal number as it is written: (-1)^negative * coefficient * 10^exponent. Up to <see cref="DigitsMax"/>
/// significant digits, the first of them at most <see cref="ExponentMax"/> places from the point on either side: what
/// the decimal128 of IEEE 754 holds.
/// </summary>
readonly struct ExactNumber
{
    /// <summary>The most significant digits.</summary>
    internal const int DigitsMax = 34;

    /// <summary>The highest exponent of the first digit; the lowest is the same below zero.</summary>
    internal const int ExponentMax = 6_144;

    // More than this says nothing that less does not say: the number is out of range unless it is zero.
    const long ExponentReadMax = 1L << 40;

    static readonly UInt128[] PowersOfTen = Powers();

    internal ExactNumber(bool negative, UInt128 coefficient, int exponent)
    {
        Negative = negative;
        Coefficient = coefficient;
        Exponent = exponent;
    }

    internal bool Negative { get; }

    internal UInt128 Coefficient { get; }

    /// <summary>The exponent of the coefficient's last digit.</summary>
    internal int Exponent { get; }

    /// <summary>The exponent of the first digit.</summary>
    int Leading => Exponent + Digits(Coefficient) - 1;

    /// <summary>Reads the text of a number: digits with an optional sign, point and exponent.</summary>
    /// <param name="text">The UTF-8 bytes.</param>
    /// <param name="number">The number, without zeros at the end of its coefficient.</param>
    internal static NumberReading Read(ReadOnlySpan<byte> text, out ExactNumber number)
    {
        number = default;
        var position = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative || (text.Length > 0 && text[0] == '+'))
            position++;
        UInt128 coefficient = 0;
        var (digits, zeros, places, seen, behindPoint) = (0, 0L, 0L, false, false);
        for (; position < text.Length; position++)
        {
            var c = text[position];
            if (c == '.' && !behindPoint)
            {
                behindPoint = true;
                continue;
            }

            if (c is < (byte)'0' or > (byte)'9')
                break;
            seen = true;
            places += behindPoint ? 1 : 0;
            if (c == '0')
            {
                // Zeros count once a digit follows them, and those before the first digit not at all.
                zeros += digits == 0 ? 0 : 1;
                continue;
            }

            var needed = zeros + 1;
            digits = (int)Math.Min(digits + needed, DigitsMax + 1);
            if (digits <= DigitsMax)
                coefficient = coefficient * PowersOfTen[needed] + (UInt128)(c - '0');
            zeros = 0;
        }

        if (!seen || !TryExponent(text[position..], out var exponent))
            return NumberReading.NotANumber;
        if (digits == 0)
            return NumberReading.Read;
        exponent += zeros - places;
        if (digits > DigitsMax || Math.Abs(exponent + digits - 1) > ExponentMax)
            return NumberReading.OutOfRange;
        number = new ExactNumber(negative, coefficient, (int)exponent);
        return NumberReading.Read;
    }

    /// <summary>A whole number.</summary>
    internal static ExactNumber Of(long value) => new(value < 0, value < 0 ? (UInt128)(ulong)-(value + 1) + 1 : (UInt128)(ulong)value, 0);

    /// <summary>The number as one of 64 bits, if it is one.</summary>
    internal bool TryInt64(out long value)
    {
        value = 0;
        if (Coefficient == 0)
            return true;
        if (Exponent < 0 || Leading > 18)
            return false;
        var magnitude = Coefficient * PowersOfTen[Exponent];
        if (magnitude > (UInt128)long.MaxValue + (Negative ? 1u : 0u))
            return false;
        value = Negative ? unchecked(-(long)(ulong)magnitude) : (long)(ulong)magnitude;
        return true;
    }

    /// <summary>
    /// The highest whole number that is not above this one times a power of ten; false where it does not fit 64 bits.
    /// </summary>
    internal bool TryFloor(int places, out long value)
    {
        value = 0;
        if (Coefficient == 0)
            return true;
        var exponent = Exponent + places;
        if (exponent >= 0 || Leading + places > 18)
            return new ExactNumber(Negative, Coefficient, exponent).TryInt64(out value);
        var whole = -exponent < PowersOfTen.Length ? Coefficient / PowersOfTen[-exponent] : 0;
        var isWhole = whole > 0 && whole * PowersOfTen[-exponent] == Coefficient;
        return new ExactNumber(Negative, Negative && !isWhole ? whole + 1 : whole, 0).TryInt64(out value);
    }

    /// <summary>The double next to it, as a JSON reader would make it.</summary>
    internal double ToDouble()
    {
        Span<byte> text = stackalloc byte[DigitsMax + 16];
        text[0] = Negative ? (byte)'-' : (byte)'+';
        Coefficient.TryFormat(text[1..], out var length, default, CultureInfo.InvariantCulture);
        text[++length] = (byte)'E';
        Exponent.TryFormat(text[++length..], out var exponentLength, default, CultureInfo.InvariantCulture);
        return double.Parse(text[..(length + exponentLength)], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>By value: 1.0 and 1 are alike.</summary>
    internal static int Compare(in ExactNumber a, in ExactNumber b)
    {
        if (a.Coefficient == 0 || b.Coefficient == 0)
            return Sign(a).CompareTo(Sign(b));
        if (a.Negative != b.Negative)
            return a.Negative ? -1 : 1;
        var order = a.Leading.CompareTo(b.Leading);
        if (order == 0)
        {
            // Their first digits have one place, so that both fit when the last ones have.
            order = a.Exponent >= b.Exponent
                ? (a.Coefficient * PowersOfTen[a.Exponent - b.Exponent]).CompareTo(b.Coefficient)
                : a.Coefficient.CompareTo(b.Coefficient * PowersOfTen[b.Exponent - a.Exponent]);
        }

        return a.Negative ? -order : order;
    }

    /// <summary>
    /// Appends it: varint of the zigzagged exponent and, below it, the sign; varints of the upper and the lower half of
    /// the coefficient.
    /// </summary>
    internal void Write(IBufferWriter<byte> target)
    {
        var span = target.GetSpan(3 * Varint.LengthMax);
        var exponent = (uint)((Exponent << 1) ^ (Exponent >> 31));
        var length = Varint.Write(span, ((ulong)exponent << 1) | (Negative ? 1u : 0u));
        length += Varint.Write(span[length..], (ulong)(Coefficient >> 64));
        length += Varint.Write(span[length..], (ulong)Coefficient);
        target.Advance(length);
    }

    /// <summary>Reads one that <see cref="Write"/> wrote.</summary>
    /// <exception cref="MalformedBatchException">It is none, or out of range.</exception>
    internal static ExactNumber Read(ReadOnlySpan<byte> bytes, ref int position)
    {
        var head = Varint.Read(bytes, ref position);
        var coefficient = ((UInt128)Varint.Read(bytes, ref position) << 64) | Varint.Read(bytes, ref position);
        var zigzag = (uint)Math.Min(head >> 1, uint.MaxValue);
        var number = new ExactNumber((head & 1) != 0, coefficient, (int)(zigzag >> 1) ^ -(int)(zigzag & 1));
        if (coefficient == 0 || coefficient >= PowersOfTen[DigitsMax] || head >> 1 > uint.MaxValue
            || Math.Abs((long)number.Exponent + Digits(coefficient) - 1) > ExponentMax)
            throw new MalformedBatchException("a typed field is a number out of range");
        return number;
    }

    /// <summary>A text that <see cref="Read(ReadOnlySpan{byte}, out ExactNumber)"/> reads as the same number.</summary>
    public override string ToString()
    {
        const int plainMax = 40;
        var digits = Coefficient.ToString(CultureInfo.InvariantCulture);
        var sign = Negative ? "-" : "";
        if (Exponent >= 0 && Exponent + digits.Length <= plainMax)
            return sign + digits + new string('0', Exponent);
        if (Exponent < 0 && -Exponent <= plainMax)
        {
            digits = digits.PadLeft(1 - Exponent, '0');
            return $"{sign}{digits[..^-Exponent]}.{digits[^-Exponent..]}";
        }

        var rest = digits.Length == 1 ? "" : "." + digits[1..];
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{rest}E{Leading:+0;-0;+0}");
    }

    static int Sign(in ExactNumber number) => number.Coefficient == 0 ? 0 : number.Negative ? -1 : 1;

    static bool TryExponent(ReadOnlySpan<byte> text, out long exponent)
    {
        exponent = 0;
        if (text.Length == 0)
            return true;
        if (text[0] is not ((byte)'e' or (byte)'E'))
            return false;
        text = text[1..];
        var negative = text.Length > 0 && text[0] == '-';
        if (negative || (text.Length > 0 && text[0] == '+'))
            text = text[1..];
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
                return false;
            exponent = Math.Min(exponent * 10 + c - '0', ExponentReadMax);
        }

        exponent = negative ? -exponent : exponent;
        return text.Length > 0;
    }

    static int Digits(UInt128 value)
    {
        var low = Array.BinarySearch(PowersOfTen, value);
        return low >= 0 ? low + 1 : ~low;
    }

    // Up to 10^38, the highest of 128 bits.
    static UInt128[] Powers()
    {
        var powers = new UInt128[39];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
            powers[i] = powers[i - 1] * 10;
        return powers;
    }
}
