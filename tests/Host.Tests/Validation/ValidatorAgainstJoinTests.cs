using AkkaJoin.Host.Validation;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Tests;
using Xunit;

namespace AkkaJoin.Host.Tests.Validation;

/// <summary>The real join, with late records, duplicates and ids of two times, validates as exact; a spoiled one is not.</summary>
public sealed class ValidatorAgainstJoinTests
{
    [Theory]
    [InlineData(JoinType.Inner, Credit.First, LatePolicy.Join)]
    [InlineData(JoinType.Left, Credit.First, LatePolicy.Join)]
    [InlineData(JoinType.Right, Credit.First, LatePolicy.Drop)]
    [InlineData(JoinType.Full, Credit.First, LatePolicy.Join)]
    [InlineData(JoinType.Full, Credit.First, LatePolicy.Drop)]
    [InlineData(JoinType.Inner, Credit.First, LatePolicy.Repair)]
    [InlineData(JoinType.Left, Credit.First, LatePolicy.Repair)]
    [InlineData(JoinType.Right, Credit.First, LatePolicy.Repair)]
    [InlineData(JoinType.Full, Credit.First, LatePolicy.Repair)]
    [InlineData(JoinType.Attribution, Credit.First, LatePolicy.Join)]
    [InlineData(JoinType.Attribution, Credit.First, LatePolicy.Drop)]
    [InlineData(JoinType.Attribution, Credit.Every, LatePolicy.Join)]
    [InlineData(JoinType.Attribution, Credit.First, LatePolicy.Repair)]
    [InlineData(JoinType.Attribution, Credit.Every, LatePolicy.Repair)]
    internal void The_real_join_is_exact(JoinType type, Credit credit, LatePolicy late)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("AKKAJOIN_TEST_SEED"), out var given) ? given : 1;
        var random = new Random(seed);
        var (lateRecords, superseded) = (0L, 0L);
        for (var i = 0; i < LongForm.Seeds(12); i++)
        {
            var join = Records(type, random);
            var repairFor = late == LatePolicy.Repair ? random.Next(1, 25) : 0;
            join.Settings = join.Settings with { Credit = credit, Late = late, RepairForMs = repairFor, MaxLefts = 3 };
            new JoinUnderTest(join).Run(random);
            var differences = new List<Difference>();
            var validation = join.Validate(differences);
            Assert.True(validation.Exact, $"seed {seed}, case {i}: {string.Join('\n', differences.Take(5).Select(Text))}");
            lateRecords += validation.LateRecords;
            superseded += validation.Superseded;

            // A row comes again, as after a failure: superseded or not, nothing changes.
            join.Rows.Add(join.Rows[random.Next(join.Rows.Count)]);
            Assert.True(join.Validate() is { Exact: true, Doubled: 1 });
            join.Rows.RemoveAt(join.Rows.Count - 1);
            // A row that names no other: what that one supersedes would stand again.
            var spoiled = random.Next(join.Rows.Count);
            while (join.Supersedes.ContainsKey(join.Rows[spoiled].Id!))
                spoiled = random.Next(join.Rows.Count);
            join.Rows[spoiled] = ("k1", "{}", "spoiled");
            Assert.Equal(1, join.Validate().Extra);
        }

        // Of the seed that is always taken: others may have none by chance.
        Assert.True(lateRecords > 0, $"seed {seed}: no record was late");
        if (late == LatePolicy.Repair && type != JoinType.Inner)
            Assert.True(superseded > 0, $"seed {seed}: no row was superseded");
        else
            Assert.Equal(0, superseded);
    }

    static string Text(Difference difference) =>
        $"{difference.Kind} {difference.Detail} {difference.Row} "
        + $"{string.Join(", ", difference.Records.Select(r => $"{r.Side} {r.Partition}@{r.Offset} {r.Value}"))}";

    static TestJoin Records(JoinType type, Random random)
    {
        var where = random.Next(2) == 0 ? null : "left.a <= right.a";
        var join = new TestJoin { Settings = TestJoin.Of(type, random.Next(-3, 8), random.Next(4, 15), where) };
        if (random.Next(2) == 0)
        {
            join.Settings = join.Settings with
            {
                Left = join.Settings.Left with { Filter = WhereParser.ParseFilter("a > 0") },
                Right = join.Settings.Right with { Filter = WhereParser.ParseFilter("a < 2 or k = 'k1'") },
            };
        }

        for (var i = 0; i < 300; i++)
        {
            var key = random.Next(20) == 0 ? null : $"k{random.Next(3)}";
            var time = 1000 + i - (random.Next(8) == 0 ? random.Next(40) : random.Next(3));
            var record = random.Next(2) == 0
                ? join.Left(key, time, random.Next(3), null, random.Next(2))
                : join.Right(key, time, random.Next(3), null, random.Next(2));
            if (random.Next(10) == 0)
                join.Records.Add(
                    record with
                    {
                        Offset = join.Records.Count,
                        Partition = random.Next(2),
                        Time = record.Time + (random.Next(8) == 0 ? 1 : 0),
                    });
        }

        return join;
    }
}
