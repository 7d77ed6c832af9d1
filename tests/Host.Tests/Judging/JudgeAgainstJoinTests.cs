using AkkaJoin.Host.Judging;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;
using Xunit;

namespace AkkaJoin.Host.Tests.Judging;

/// <summary>The real join, with late records, duplicates and ids of two times, is exact in the judge's eyes; a spoiled one is not.</summary>
public sealed class JudgeAgainstJoinTests
{
    [Theory]
    [InlineData(JoinType.Inner, Credit.First, LatePolicy.Join)]
    [InlineData(JoinType.Left, Credit.First, LatePolicy.Join)]
    [InlineData(JoinType.Right, Credit.First, LatePolicy.Drop)]
    [InlineData(JoinType.Full, Credit.First, LatePolicy.Join)]
    [InlineData(JoinType.Full, Credit.First, LatePolicy.Drop)]
    [InlineData(JoinType.Attribution, Credit.First, LatePolicy.Join)]
    [InlineData(JoinType.Attribution, Credit.First, LatePolicy.Drop)]
    [InlineData(JoinType.Attribution, Credit.Every, LatePolicy.Join)]
    public void The_real_join_is_exact(JoinType type, Credit credit, LatePolicy late)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var lateRecords = 0L;
        for (var i = 0; i < 12; i++)
        {
            var join = Records(type, random);
            join.Settings = join.Settings with { Credit = credit, Late = late, MaxCollapsed = 3 };
            new JoinUnderTest(join).Run(random);
            var differences = new List<Difference>();
            var verdict = join.Judge(differences);
            Assert.True(verdict.Exact, $"seed {seed}, case {i}: {string.Join('\n', differences.Take(5).Select(Text))}");
            lateRecords += verdict.LateRecords;

            join.Rows[random.Next(join.Rows.Count)] = ("k1", "{}", "spoiled");
            Assert.Equal(1, join.Judge().Extra);
        }

        Assert.True(lateRecords > 0);
    }

    static string Text(Difference difference) =>
        $"{difference.Kind} {difference.Detail} {difference.Row} {string.Join(", ", difference.Records.Select(r => $"{r.Side} {r.Partition}@{r.Offset} {r.Value}"))}";

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
                join.Records.Add(record with { Offset = join.Records.Count, Partition = random.Next(2), Time = record.Time + (random.Next(8) == 0 ? 1 : 0) });
        }

        return join;
    }
}
