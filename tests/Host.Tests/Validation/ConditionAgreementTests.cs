using System.Text.Json;
using AkkaJoin.Host.Validation;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;
using Xunit;

namespace AkkaJoin.Host.Tests.Validation;

/// <summary>
/// The join, SQL and brute force agree on conditions and filters, with nulls, missing fields, mixed types, big integers, decimals and
/// exponents. Each has its own reading of a number.
/// </summary>
public sealed class ConditionAgreementTests
{
    static readonly string[] Values =
    [
        "null", "true", "false", "0", "-0.0", "1", "1.0", "1e0", "1.5", "15e-1", "0.1", "0.10000000000000000000000000000000001e0", "0.100000000000000005",
        "9223372036854775807", "9223372036854775808", "9223372036854775809", "-9223372036854775808", "-9223372036854775809", "9007199254740993", "9007199254740992.0",
        "1234567890123456789012345678901234", "1234567890123456789012345678901233", "12345678901234567890123456789012340", "1e6144", "10e6143", "1e-6144", "-1e6144", "1e6145", "1e400",
        "\"a\"", "\"b\"", "\"\\u0061\"", "\"1\"", "\"\"", "\"\uFFFD\"", "\"\U0001F600\"", "{}", "[1]", "{\"z\":1}",
    ];

    static readonly string[] Constants =
        ["null", "true", "0", "1", "1.5", "0.1", "9223372036854775808", "9223372036854775809.0", "1e6144", "-1e-6144", "1234567890123456789012345678901234", "'a'", "'1'", "''"];

    [Fact]
    public void Join_SQL_and_brute_force_agree()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("AKKAJOIN_TEST_SEED"), out var given) ? given : Environment.TickCount;
        var random = new Random(seed);
        var (pairs, filtered, dead) = (0L, 0L, 0L);
        for (var i = 0; i < 40; i++)
        {
            var where = Condition(random, 3, ["left.x", "left.o.z", "right.x", "right.y"]);
            var filter = random.Next(2) == 0 ? null : Condition(random, 2, ["x", "o.z"]);
            var join = new TestJoin { Settings = TestJoin.Of(JoinType.Inner, where: where) };
            if (filter is not null)
                join.Settings = join.Settings with { Left = join.Settings.Left with { Filter = WhereParser.ParseFilter(filter) } };
            for (var n = 0; n < 24; n++)
                join.Records.Add(Record(join, random, n < 12 ? Side.Left : Side.Right));

            new JoinUnderTest(join).Run(random);
            var expected = Expected(join);
            var context = $"seed {seed}, case {i}: where {where}, filter {filter}";
            Assert.True(
                expected.Order(StringComparer.Ordinal).SequenceEqual(join.Rows.Select(r => r.Value).Order(StringComparer.Ordinal)),
                $"join and brute force, {context}");
            var differences = new List<Difference>();
            var validation = join.Validate(differences);
            Assert.True(validation.Exact, $"join and SQL, {context}: {differences.FirstOrDefault()}");
            Assert.Equal(expected.Count, validation.Expected);
            (pairs, filtered, dead) = (pairs + expected.Count, filtered + validation.Filtered, dead + validation.DeadLetters);
        }

        Assert.True(pairs > 0 && filtered > 0 && dead > 0, $"{pairs} pairs, {filtered} filtered, {dead} dead letters");
    }

    static TestRecord Record(TestJoin join, Random random, Side side)
    {
        var more = string.Join(',', new[] { $"\"x\":{Value(random)}", $"\"y\":{Value(random)}", $"\"o\":{{\"z\":{Value(random)}}}" }.Where(_ => random.Next(8) != 0));
        return new TestRecord(side, 0, join.Records.Count, "k", 100, $"{side}{join.Records.Count}", 0)
        {
            More = more.Length == 0 ? null : more,
        };
    }

    static string Value(Random random) => Values[random.Next(Values.Length)];

    static List<string> Expected(TestJoin join)
    {
        var oracle = new ConditionOracle(join.Settings.LeftFields, join.Settings.RightFields);
        var filters = new ConditionOracle(join.Settings.Left.Filter?.Fields ?? [], []);
        var good = join.Records.Where(r => !join.DeadLetters.Contains(TestJoin.Source(r))).ToList();
        var rows = new TestJoin();
        foreach (var left in good.Where(r => r.Side == Side.Left))
        {
            var json = JsonDocument.Parse(left.Value).RootElement;
            if (join.Settings.Left.Filter is { } filter && filters.Of(filter.Condition, json, default) != true)
                continue;
            foreach (var right in good.Where(r => r.Side == Side.Right))
            {
                if (oracle.Of(join.Settings.Where!, json, JsonDocument.Parse(right.Value).RootElement) == true)
                    rows.Row(left, right);
            }
        }

        return [.. rows.Rows.Select(r => r.Value)];
    }

    static string Condition(Random random, int depth, string[] fields)
    {
        if (depth > 0 && random.Next(4) != 0)
        {
            return random.Next(3) switch
            {
                0 => $"not ({Condition(random, depth - 1, fields)})",
                1 => $"({Condition(random, depth - 1, fields)} and {Condition(random, depth - 1, fields)})",
                _ => $"({Condition(random, depth - 1, fields)} or {Condition(random, depth - 1, fields)})",
            };
        }

        var a = Operand(random, fields);
        return random.Next(6) switch
        {
            0 => $"{a} is null",
            1 => $"{a} is not null",
            2 =>
                $"{a} {(random.Next(2) == 0 ? "not " : "")}in "
                + $"({string.Join(", ", Enumerable.Range(0, random.Next(1, 5)).Select(_ => Operand(random, fields)))})",
            _ => $"{a} {new[] { "=", "!=", "<", "<=", ">", ">=" }[random.Next(6)]} {Operand(random, fields)}",
        };
    }

    static string Operand(Random random, string[] fields) =>
        random.Next(3) == 0 ? Constants[random.Next(Constants.Length)] : fields[random.Next(fields.Length)];
}
