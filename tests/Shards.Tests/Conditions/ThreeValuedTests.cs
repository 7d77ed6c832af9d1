using System.Buffers;
using AkkaJoin.Shards.Conditions;
using Xunit;

namespace AkkaJoin.Shards.Tests.Conditions;

/// <summary>What neither holds nor fails is unknown, as in SQL. The host's tests compare with SQL itself.</summary>
public sealed class ThreeValuedTests
{
    // left.n = 5, left.t = 'x', left.o an object, left.nothing null.
    [Theory]
    [InlineData("left.n in (1, 5)", true)]
    [InlineData("left.n in (1, 2)", false)]
    [InlineData("left.n in (5, null)", true)]
    [InlineData("left.n in (1, null)", null)]
    [InlineData("left.n in (1, 'x')", null)]
    [InlineData("left.nothing in (1, 2)", null)]
    [InlineData("left.n not in (1, 2)", true)]
    [InlineData("left.n not in (1, 5)", false)]
    [InlineData("left.n not in (1, null)", null)]
    [InlineData("left.n in (5.0)", true)]
    [InlineData("left.t in ('y', left.t)", true)]
    [InlineData("left.nothing is null", true)]
    [InlineData("left.nothing is not null", false)]
    [InlineData("left.missing is null", true)]
    [InlineData("left.n is null", false)]
    [InlineData("left.o is null", false)]
    [InlineData("left.o is not null", true)]
    [InlineData("left.o = left.o", null)]
    [InlineData("null is null", true)]
    [InlineData("not left.n = 5", false)]
    [InlineData("not left.n = 6", true)]
    [InlineData("not left.n = 'x'", null)]
    [InlineData("not left.nothing = 1", null)]
    [InlineData("not not left.nothing = 1", null)]
    [InlineData("not left.nothing is null", false)]
    [InlineData("not left.n = 5 or left.t = 'x'", true)]
    [InlineData("not (left.n = 5 or left.t = 'x')", false)]
    [InlineData("left.n = 5 and left.nothing = 1", null)]
    [InlineData("left.n = 6 and left.nothing = 1", false)]
    [InlineData("not (left.n = 6 and left.nothing = 1)", true)]
    [InlineData("left.n = 5 or left.nothing = 1", true)]
    [InlineData("not (left.n = 6 or left.nothing = 1)", null)]
    public void A_condition_holds_fails_or_does_neither(string text, bool? expected)
    {
        var parsed = WhereParser.Parse(text, ["n", "t", "o", "nothing", "missing"], []);
        var fields = new ArrayBufferWriter<byte>();
        TypedFields.WriteInt64(fields, 5);
        TypedFields.WriteText(fields, "x"u8);
        TypedFields.WriteComposite(fields);
        TypedFields.WriteMissing(fields);
        Assert.Equal((expected == true, expected == false), (parsed.Condition.Holds(fields.WrittenSpan, []), parsed.Condition.Fails(fields.WrittenSpan, [])));
    }

    [Theory]
    [InlineData("left.a is null and left.b not in (1, 2.50, 'x') or not left.c = 1", "(left.a is null and left.b not in (1, 2.5, 'x')) or not (left.c = 1)")]
    [InlineData("NOT NOT (left.a IS NOT NULL)", "not (not (left.a is not null))")]
    [InlineData("not (left.a in (1))", "left.a not in (1)")]
    [InlineData("not left.a is null", "left.a is not null")]
    public void The_canonical_text_says_it_in_one_way(string text, string canonical)
    {
        var parsed = WhereParser.Parse(text);
        Assert.Equal(canonical, WhereParser.Format(parsed.Condition, parsed.LeftFields, parsed.RightFields));
    }

    [Theory]
    [InlineData("left.a in ()", 11, "a field or a constant")]
    [InlineData("left.a in (1", 12, "',' or ')'")]
    [InlineData("left.a in 1", 10, "'('")]
    [InlineData("left.a not 1", 11, "expected in")]
    [InlineData("left.a is 1", 10, "null or not null")]
    [InlineData("left.a is not 1", 14, "expected null")]
    [InlineData("left.a = 12345678901234567890123456789012345", 9, "more than 34 digits")]
    [InlineData("left.a = 1e6145", 9, "exponent beyond 6144")]
    [InlineData("not", 3, "a field or a constant")]
    public void A_mistake_is_shown_at_its_place(string text, int position, string message)
    {
        var e = Assert.Throws<WhereSyntaxException>(() => WhereParser.Parse(text));
        Assert.Equal(position, e.Position);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_be_configured_can_be_read_from_the_journal()
    {
        // Each level gets parentheses of its own in the canonical text, each operator its blanks.
        var text = "1=1";
        for (var i = 0; i < WhereParser.DepthMax - 1; i++)
            text = $"left.a=1 or 1=1 and({text})";
        Read(text);
        Read(string.Concat(Enumerable.Repeat("not ", WhereParser.DepthMax)) + "left.a=1");
        Read($"left.a in({string.Join(',', Enumerable.Range(0, 1000))})");
        Assert.Throws<WhereSyntaxException>(() => WhereParser.Parse(string.Concat(Enumerable.Repeat("not ", 1_000)) + "1=1"));

        static void Read(string text)
        {
            var parsed = WhereParser.Parse(text);
            var canonical = WhereParser.Format(parsed.Condition, parsed.LeftFields, parsed.RightFields);
            Assert.Equal(parsed.Condition, WhereParser.ParseCanonical(canonical, parsed.LeftFields, parsed.RightFields, takesDoubles: false).Condition);
        }
    }

    [Fact]
    public void Big_numbers_are_compared_exactly_and_with_doubles_as_doubles()
    {
        var condition = WhereParser.Parse("left.h = right.h").Condition;
        Assert.False(condition.Holds(Number("9223372036854775809"), Number("9223372036854775808")));
        Assert.True(condition.Holds(Number("9223372036854775809"), Number("9223372036854775809.0")));
        Assert.True(condition.Holds(Number("9223372036854775809"), Double(9223372036854775808d)));
        Assert.True(condition.Holds(Double(0.1), Number("0.1")));
        Assert.False(condition.Holds(Double(double.NaN), Number("0.1")));
        Assert.False(condition.Holds(Number("0.1"), Number("0.10000000000000001")));

        static byte[] Number(string text)
        {
            var target = new ArrayBufferWriter<byte>();
            TypedFields.WriteNumber(target, System.Text.Encoding.UTF8.GetBytes(text));
            return target.WrittenSpan.ToArray();
        }

        static byte[] Double(double value)
        {
            var target = new ArrayBufferWriter<byte>();
            TypedFields.WriteDouble(target, value);
            return target.WrittenSpan.ToArray();
        }
    }

    [Fact]
    public void Evaluation_allocates_nothing()
    {
        var condition = WhereParser.Parse("not (left.n in (1, 2.5) or left.n is null) and left.n not in (7, 9223372036854775809)", ["n"], []).Condition;
        var fields = new ArrayBufferWriter<byte>();
        TypedFields.WriteNumber(fields, "9223372036854775810"u8);
        Assert.True(condition.Holds(fields.WrittenSpan, []));
        Assert.Equal(0, Allocation.OfThousand(() => condition.Holds(fields.WrittenSpan, [])));
    }
}
