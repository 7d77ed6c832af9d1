using System.Buffers;
using System.Text;
using AkkaJoin.Shards.Conditions;
using Xunit;

namespace AkkaJoin.Shards.Tests.Conditions;

public sealed class ComparisonTests
{
    [Theory]
    [InlineData("1 < 2", true)]
    [InlineData("1 = 1.0", true)]
    [InlineData("1 < 1.5", true)]
    [InlineData("-1 > -1.5", true)]
    [InlineData("0.5 > 0", true)]
    [InlineData("9007199254740993 = 9007199254740992.0", false)]
    [InlineData("9007199254740993 > 9007199254740992.0", true)]
    [InlineData("9223372036854775807 < 9223372036854775808", true)]
    [InlineData("-9223372036854775808 = -9223372036854775808.0", true)]
    [InlineData("1e300 > 5", true)]
    [InlineData("5 > -1e300", true)]
    [InlineData("1e999 > 1e300", true)]
    [InlineData("'a' < 'b'", true)]
    [InlineData("'Z' < 'a'", true)]
    [InlineData("'a' < 'ab'", true)]
    [InlineData("'\uFFFD' < '\U0001F600'", true)]
    [InlineData("'x' <> 'X'", true)]
    [InlineData("false < true", true)]
    [InlineData("true == TRUE", true)]
    [InlineData("true = 1", false)]
    [InlineData("true != 1", false)]
    [InlineData("'1' = 1", false)]
    [InlineData("'1' != 1", false)]
    [InlineData("null = null", false)]
    [InlineData("null != null", false)]
    [InlineData("null != 1", false)]
    [InlineData("left.nothing != 1", false)]
    [InlineData("left.nothing = right.nothing", false)]
    [InlineData("1 = 1 or 1 = 2 and 1 = 2", true)]
    [InlineData("(1 = 1 or 1 = 2) and 1 = 2", false)]
    [InlineData("1 = 2 OR 2 >= 2 AND 3 <= 3", true)]
    public void Constants_compare_by_kind_and_exact_value(string text, bool holds) =>
        Assert.Equal(holds, WhereParser.Parse(text).Condition.Holds([], []));

    [Fact]
    public void Fields_are_read_from_their_side_and_place()
    {
        var parsed = WhereParser.Parse("left.a = right.b and left.c < right.a");
        var left = Fields("same", 1);
        Assert.True(parsed.Condition.Holds(left, Fields("same", 2)));
        Assert.False(parsed.Condition.Holds(left, Fields("other", 2)));
        Assert.False(parsed.Condition.Holds(left, Fields("same", 1)));
    }

    [Fact]
    public void Evaluation_allocates_nothing()
    {
        var condition = WhereParser.Parse("left.a = right.b and (left.c < right.a or left.a != 'x') and left.c >= 0.5").Condition;
        var (left, right) = (Fields("same", 1), Fields("same", 2));
        Assert.True(condition.Holds(left, right));
        Assert.Equal(0, Allocation.OfThousand(() => condition.Holds(left, right)));
    }

    static byte[] Fields(string text, long number)
    {
        var target = new ArrayBufferWriter<byte>();
        TypedFields.WriteText(target, Encoding.UTF8.GetBytes(text));
        TypedFields.WriteInt64(target, number);
        return target.WrittenSpan.ToArray();
    }
}
