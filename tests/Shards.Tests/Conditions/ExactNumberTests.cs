using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Conditions;

public sealed class ExactNumberTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0.000e99999999999999999999", "0")]
    [InlineData("1e2", "100")]
    [InlineData("-12.50", "-12.5")]
    [InlineData("0.001", "0.001")]
    [InlineData("1234567890123456789012345678901234", "1234567890123456789012345678901234")]
    [InlineData("123456789012345678901234567890123400000", "123456789012345678901234567890123400000")]
    [InlineData("1e6144", "1E+6144")]
    [InlineData("-9.99e-6144", "-9.99E-6144")]
    [InlineData("10000e-6148", "1E-6144")]
    public void A_number_is_read_as_it_is_written(string text, string canonical)
    {
        Assert.Equal(NumberReading.Read, ExactNumber.Read(Encoding.UTF8.GetBytes(text), out var number));
        Assert.Equal(canonical, number.ToString());
    }

    [Theory]
    [InlineData("12345678901234567890123456789012345")]
    [InlineData("1.0000000000000000000000000000000001e5")]
    [InlineData("1e6145")]
    [InlineData("10e6144")]
    [InlineData("1e-6145")]
    [InlineData("1e99999999999999999999")]
    public void More_digits_or_a_further_exponent_than_are_held_are_told(string text) =>
        Assert.Equal(NumberReading.OutOfRange, ExactNumber.Read(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1..2")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("1 ")]
    public void What_is_no_number_is_none(string text) =>
        Assert.Equal(NumberReading.NotANumber, ExactNumber.Read(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Numbers_compare_by_their_value_and_come_back_as_they_were_written() => Seeds.Check(20_000, (random, _) =>
    {
        var (a, b) = (Text(random), Text(random));
        if (random.Next(3) == 0)
            b = Disguised(a, random);
        Assert.Equal(NumberReading.Read, ExactNumber.Read(Encoding.UTF8.GetBytes(a), out var x));
        Assert.Equal(NumberReading.Read, ExactNumber.Read(Encoding.UTF8.GetBytes(b), out var y));
        var expected = Compare(a, b);
        Assert.True(expected == Math.Sign(ExactNumber.Compare(x, y)), $"{a} and {b}");
        Assert.True(-expected == Math.Sign(ExactNumber.Compare(y, x)), $"{b} and {a}");
        Assert.Equal(double.Parse(a, CultureInfo.InvariantCulture), x.ToDouble());

        ExactNumber.Read(Encoding.UTF8.GetBytes(x.ToString()), out var again);
        Assert.Equal((x.Negative, x.Coefficient, x.Exponent), (again.Negative, again.Coefficient, again.Exponent));
        var (p, q) = (Encoded(a), Encoded(b));
        Assert.Equal(expected == 0, p.AsSpan().SequenceEqual(q));
        Assert.Equal(p[0] == (byte)FieldType.Int64, IsInt64(a));
        Assert.Equal(0, ExactNumber.Compare(x, TypedFields.Read(p, 0).Number));
        TypedValue.TryCompare(TypedFields.Read(p, 0), TypedFields.Read(q, 0), out var order);
        Assert.Equal(expected, Math.Sign(order));
    });

    [Fact]
    public void Damaged_numbers_are_refused_and_never_throw_later() => Seeds.Check(20_000, (random, _) =>
    {
        var bytes = Encoded(Text(random) + "1");
        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        try
        {
            var value = TypedFields.Read(bytes, 0);
            TypedValue.TryCompare(value, TypedFields.Read(Encoded("0.5"), 0), out var order);
            TypedValue.TryCompare(value, value, out order);
        }
        catch (MalformedBatchException)
        {
        }
    });

    static byte[] Encoded(string text)
    {
        var target = new ArrayBufferWriter<byte>();
        if (TypedFields.WriteNumber(target, Encoding.UTF8.GetBytes(text)) != NumberReading.Read)
            TypedFields.WriteNumber(target, "1.5"u8);
        return target.WrittenSpan.ToArray();
    }

    static string Text(Random random)
    {
        var digits = string.Concat(Enumerable.Range(0, random.Next(1, 35)).Select(_ => random.Next(4) == 0 ? '0' : (char)('0' + random.Next(10))));
        var point = random.Next(digits.Length + 1);
        var text = (random.Next(2) == 0 ? "-" : "") + (point == 0 ? "0" : digits[..point]) + (point == digits.Length ? "" : "." + digits[point..]);
        return random.Next(3) switch
        {
            0 => text,
            1 => $"{text}e{random.Next(-40, 40)}",
            _ => $"{text}E{random.Next(-6_100, 6_100)}",
        };
    }

    // The same number, or its neighbour, in another form.
    static string Disguised(string text, Random random)
    {
        var e = text.IndexOfAny(['e', 'E']);
        var (mantissa, exponent) = e < 0 ? (text, 0) : (text[..e], int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture));
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point < 0)
            return $"{mantissa}00e{exponent - 2}";
        var places = mantissa.Length - point - 1;
        return $"{mantissa.Replace(".", "", StringComparison.Ordinal)}{(random.Next(2) == 0 ? "" : "e0"[..0])}e{exponent - places}";
    }

    static (BigInteger Digits, int Exponent) Parsed(string text)
    {
        var e = text.IndexOfAny(['e', 'E']);
        var (mantissa, exponent) = e < 0 ? (text, 0) : (text[..e], int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture));
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        return (digits, exponent - (point < 0 ? 0 : mantissa.Length - point - 1));
    }

    static int Compare(string a, string b)
    {
        var (x, y) = (Parsed(a), Parsed(b));
        var least = Math.Min(x.Exponent, y.Exponent);
        return BigInteger.Compare(x.Digits * BigInteger.Pow(10, x.Exponent - least), y.Digits * BigInteger.Pow(10, y.Exponent - least));
    }

    static bool IsInt64(string text)
    {
        var (digits, exponent) = Parsed(text);
        var whole = exponent >= 0 ? digits * BigInteger.Pow(10, exponent) : BigInteger.DivRem(digits, BigInteger.Pow(10, -exponent), out var rest) + (rest.IsZero ? 0 : BigInteger.Pow(10, 30));
        return whole >= long.MinValue && whole <= long.MaxValue;
    }
}
