using AkkaJoin.Shards.Conditions;
using Xunit;

namespace AkkaJoin.Shards.Tests.Conditions;

public sealed class WhereParserTests
{
    static readonly string[] Names = ["a", "b.c", "odd name", "quo\"te", "and", "left", "1", "ä", "x-y"];
    static readonly string[] Texts = ["", "x", "it's", "''", "ä\n\"", "😀", "null"];
    static readonly string[] Numbers = ["0.1", "-1e-300", "1e6144", "9223372036854775808", "-1234567890123456789012345678901234", "1.5", "2e3"];
    static readonly double[] Doubles = [0.1, -1e-300, 1e300, 9223372036854775808d, double.PositiveInfinity, double.NegativeInfinity, 1.5];

    [Fact]
    public void The_text_of_the_manual_is_read()
    {
        var parsed = WhereParser.Parse("left.a.b < right.c and (left.c = 'x' or right.d >= 3)");
        Assert.Equal(["a.b", "c"], parsed.LeftFields);
        Assert.Equal(["c", "d"], parsed.RightFields);
        Assert.Equal(
            new AllOf([
                new Comparison(ComparisonOperator.Less, new FieldOperand(Side.Left, 0), new FieldOperand(Side.Right, 0)),
                new AnyOf([
                    new Comparison(ComparisonOperator.Equal, new FieldOperand(Side.Left, 1), ConstantOperand.Of("x")),
                    new Comparison(ComparisonOperator.GreaterOrEqual, new FieldOperand(Side.Right, 1), ConstantOperand.Of(3)),
                ]),
            ]),
            parsed.Condition);
    }

    [Fact]
    public void A_field_named_twice_is_one_field()
    {
        var parsed = WhereParser.Parse("left.a > 1 and left.\"a\" < 5 and LEFT.a != 3");
        Assert.Equal(["a"], parsed.LeftFields);
    }

    [Fact]
    public void Quoted_names_may_hold_anything()
    {
        var parsed = WhereParser.Parse("left.\"odd name\".x = right.\"a.b\" and left.\"q\"\"\" = 'it''s'");
        Assert.Equal(["\"odd name\".x", "\"q\"\"\""], parsed.LeftFields);
        Assert.Equal(["a.b"], FieldPath.Parse(parsed.RightFields[0]));
        Assert.Contains(ConstantOperand.Of("it's"), ((AllOf)parsed.Condition).Conditions.OfType<Comparison>().Select(c => c.B));
    }

    [Fact]
    public void Given_fields_keep_their_places()
    {
        var parsed = WhereParser.Parse("left.b = right.a", ["a", "b"], []);
        Assert.Equal(new FieldOperand(Side.Left, 1), ((Comparison)parsed.Condition).A);
        Assert.Equal(["a", "b"], parsed.LeftFields);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("left.a", 6)]
    [InlineData("left = 1", 5)]
    [InlineData("left. = 1", 6)]
    [InlineData("middle.a = 1", 0)]
    [InlineData("left.a = 1 and", 14)]
    [InlineData("left.a = 1 xor left.b = 2", 11)]
    [InlineData("(left.a = 1", 11)]
    [InlineData("left.a = 1)", 10)]
    [InlineData("left.a = 'x", 9)]
    [InlineData("left.a ~ 1", 7)]
    [InlineData("left.a = 1..2", 9)]
    [InlineData("left.a = 5abc", 9)]
    [InlineData("left.a = infinity", 9)]
    [InlineData("\"left\".a = 1", 0)]
    public void A_mistake_is_shown_at_its_place(string text, int position)
    {
        var e = Assert.Throws<WhereSyntaxException>(() => WhereParser.Parse(text));
        Assert.Equal(position, e.Position);
    }

    [Fact]
    public void A_filter_names_its_fields_by_their_path()
    {
        var filter = WhereParser.ParseFilter("tier = 'gold' and device.kind != 'tv' or \"odd name\".x >= 3 and \"left\".a = 1 and \"null\" = null");
        Assert.Equal(["tier", "device.kind", "\"odd name\".x", "left.a", "null"], filter.Fields);
        Assert.Equal(
            "(tier = 'gold' and device.kind != 'tv') or (\"odd name\".x >= 3 and \"left\".a = 1 and \"null\" = null)", filter.Text);
        Assert.Equal(filter.Text, WhereParser.ParseFilter(filter.Text).Text);
        Assert.Equal(filter.Condition, WhereParser.ParseFilter(filter.Text).Condition);
    }

    [Theory]
    [InlineData("left.tier = 'gold'", 0, "without left.")]
    [InlineData("a = 1 and RIGHT.tier = 'gold'", 10, "without RIGHT.")]
    [InlineData("a = and", 4, "a field or a constant")]
    [InlineData("a", 1, "expected =")]
    [InlineData("", 0, "a field or a constant")]
    public void A_mistake_in_a_filter_is_shown_at_its_place(string text, int position, string message)
    {
        var e = Assert.Throws<WhereSyntaxException>(() => WhereParser.ParseFilter(text));
        Assert.Equal(position, e.Position);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_limits_hold()
    {
        var many = string.Join(" and ", Enumerable.Repeat("left.a = 1", 64));
        WhereParser.Parse(many);
        Assert.Throws<WhereSyntaxException>(() => WhereParser.Parse(many + " and left.a = 1"));
        WhereParser.Parse(new string('(', 32) + "1 = 1" + new string(')', 32));
        Assert.Throws<WhereSyntaxException>(() => WhereParser.Parse(new string('(', 33) + "1 = 1" + new string(')', 33)));
        Assert.Throws<WhereSyntaxException>(() => WhereParser.Parse(new string('(', 4096)));
        Assert.Throws<WhereSyntaxException>(() => WhereParser.Parse("1 = 1" + new string(' ', 4092)));
    }

    [Fact]
    public void The_canonical_text_gives_the_same_condition()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 2000; i++)
        {
            string[] left = [.. Shuffled(random).Select(n => FieldPath.Format(n.Split('.')))];
            string[] right = [.. Shuffled(random).Select(n => FieldPath.Format([n]))];
            var condition = Condition(random, 3);
            var text = WhereParser.Format(condition, left, right);
            var parsed = WhereParser.Parse(text, left, right);
            Assert.True(condition == parsed.Condition, $"seed {seed}: {text} became {parsed.Condition}");
            Assert.Equal(text, WhereParser.Format(parsed.Condition, parsed.LeftFields, parsed.RightFields));

            var filter = Condition(random, 3, isFilter: true);
            text = WhereParser.FormatFilter(filter, left);
            var read = WhereParser.ParseFilter(text, left);
            Assert.True(filter == read.Condition, $"seed {seed}: {text} became {read.Condition}");
            Assert.Equal(text, read.Text);
        }
    }

    [Fact]
    public void The_canonical_text_of_the_first_format_gives_the_same_doubles()
    {
        foreach (var number in Doubles)
        {
            var condition = new Comparison(ComparisonOperator.Less, new FieldOperand(Side.Left, 0), ConstantOperand.Of(number));
            var text = WhereParser.Format(condition, ["a"], []);
            Assert.Equal(condition, WhereParser.ParseCanonical(text, ["a"], [], takesDoubles: true).Condition);
        }
    }

    [Fact]
    public void Any_text_is_read_or_refused_with_a_place()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] parts = ["left", ".", "a", " ", "(", ")", "'", "\"", "=", "<", ">", "!", "1", "-", "e", "and", "or", "null", "\0", "é", "not", "in", "is", ","];
        for (var i = 0; i < 5000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            try
            {
                WhereParser.Parse(text);
            }
            catch (WhereSyntaxException e)
            {
                Assert.True(e.Position >= 0 && e.Position <= text.Length, $"seed {seed}: {text}");
            }
        }
    }

    static string[] Shuffled(Random random)
    {
        string[] names = [.. Names];
        random.Shuffle(names);
        return names;
    }

    static Condition Condition(Random random, int depth, bool isFilter = false)
    {
        if (depth == 0 || random.Next(3) == 0)
        {
            return random.Next(4) switch
            {
                0 => new OneOf(Operand(random, isFilter), [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Operand(random, isFilter))]),
                1 => new IsNull(Operand(random, isFilter)),
                _ => new Comparison((ComparisonOperator)random.Next(6), Operand(random, isFilter), Operand(random, isFilter)),
            };
        }

        if (random.Next(4) == 0)
            return new Not(Condition(random, depth - 1, isFilter));
        var list = Enumerable.Range(0, random.Next(2, 4)).Select(_ => Condition(random, depth - 1, isFilter)).ToList();
        return random.Next(2) == 0 ? new AllOf(list) : new AnyOf(list);
    }

    static Operand Operand(Random random, bool isFilter) => random.Next(6) switch
    {
        0 => ConstantOperand.Of(Texts[random.Next(Texts.Length)]),
        1 => ConstantOperand.Of(random.NextInt64(long.MinValue, long.MaxValue)),
        2 => ConstantOperand.OfNumber(Numbers[random.Next(Numbers.Length)])!,
        3 => random.Next(2) == 0 ? ConstantOperand.Null : ConstantOperand.Of(random.Next(2) == 0),
        _ => new FieldOperand(isFilter ? Side.Left : (Side)random.Next(2), random.Next(Names.Length)),
    };
}
