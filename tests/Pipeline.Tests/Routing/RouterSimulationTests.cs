using System.Globalization;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Routing;

public sealed class RouterSimulationTests
{
    const int WindowMs = 50;

    [Fact]
    public void Whatever_is_lost_doubled_reordered_or_killed_the_rows_are_those_of_the_batch_join()
    {
        var faults = 0;
        var seeds = int.Parse(Environment.GetEnvironmentVariable("AKKAJOIN_TEST_CASES") ?? "300", CultureInfo.InvariantCulture);
        for (var seed = 1; seed <= seeds; seed++)
            faults += Run(seed);
        Assert.True(faults > 10 * seeds, $"only {faults} faults in all: the world is too kind to prove anything");
    }

    static int Run(int seed)
    {
        var random = new Random(seed);
        var logs = new Dictionary<(string Topic, int Partition), List<string>>();
        foreach (var topic in new[] { "left", "right" })
        {
            for (var partition = 0; partition < 2; partition++)
                logs[(topic, partition)] = Records(random, topic, partition);
        }

        // Without ids a record applied twice is seen as such; with them, copies in the log must be dropped.
        var id = random.Next(2) == 0 ? "id" : "";
        var definition = new JoinDefinition
        {
            Name = "sim",
            Type = random.Next(2) == 0 ? JoinType.Inner : JoinType.Full,
            BeforeMs = 0,
            AfterMs = WindowMs,
            Left = new SourceDefinition("left", "", "", "", id, "", []),
            Right = new SourceDefinition("right", "", "", "", id, "", []),
            KeyGroups = 3,
        };
        try
        {
            var world = new SimulatedWorld(seed, definition, logs);
            world.Run(2_000);
            var rows = world.Outputs.Values.Select(o => o.Value).Order(StringComparer.Ordinal).ToList();
            Assert.Equal(Expected(logs, definition), rows);
            Assert.DoesNotContain(world.Outputs.Values, o => o.Kind is RowKind.LateJoined or RowKind.LateRecord);
            Assert.True(world.Ledger(Side.Left).Balances && world.Ledger(Side.Right).Balances);
            Assert.Equal(0, world.Ledger(Side.Left).Resting + world.Ledger(Side.Right).Resting);
            return world.Faults;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {e.Message}"), e);
        }
    }

    static List<string> Records(Random random, string topic, int partition)
    {
        var records = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            var fate = random.Next(20);
            if (fate == 0 && records.Count > 0)
                records.Add(records[^1]);
            else if (fate == 1)
                records.Add("poison");
            else
                records.Add($"k{random.Next(12)},{(i * 5) + random.Next(40)},{topic[0]}{partition}-{i}");
        }

        return records;
    }

    // The batch join: distinct by id, nested loops, and in the full join what is in no pair.
    static List<string> Expected(Dictionary<(string Topic, int Partition), List<string>> logs, JoinDefinition definition)
    {
        List<string[]> Side(string topic)
        {
            var values = logs.Where(l => l.Key.Topic == topic).SelectMany(l => l.Value).Where(v => v != "poison");
            return [.. (definition.Left.Deduplicates ? values.Distinct() : values).Select(v => v.Split(','))];
        }

        var lefts = Side("left");
        var rights = Side("right");
        static bool Match(string[] l, string[] r) => l[0] == r[0] && Time(r) >= Time(l) && Time(r) <= Time(l) + WindowMs;
        static long Time(string[] record) => long.Parse(record[1], CultureInfo.InvariantCulture);
        var rows = lefts.SelectMany(l => rights.Where(r => Match(l, r)).Select(r => string.Join(',', l) + "|" + string.Join(',', r))).ToList();
        if (definition.Type == JoinType.Full)
        {
            rows.AddRange(lefts.Where(l => !rights.Any(r => Match(l, r))).Select(l => string.Join(',', l) + "|"));
            rows.AddRange(rights.Where(r => !lefts.Any(l => Match(l, r))).Select(r => "|" + string.Join(',', r)));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
