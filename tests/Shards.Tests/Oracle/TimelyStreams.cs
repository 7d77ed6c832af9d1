using System.Globalization;
using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>Streams in which nothing is late: no watermark exceeds the times that a partition has yet to bring.</summary>
static class TimelyStreams
{
    internal const int Partitions = 2;

    /// <summary>Random records of both sides. Copies of an id have one key and one time.</summary>
    internal static List<TestRecord> Records(Random random)
    {
        var records = new List<TestRecord>();
        var offsets = new Dictionary<PartitionId, long>();
        for (var n = random.Next(1, 25); n > 0; n--)
        {
            var side = (Side)random.Next(2);
            var partition = random.Next(Partitions);
            var copied = random.Next(5) == 0 ? records.Find(r => r.Side == side && r.Id is not null) : null;
            var number = n.ToString(CultureInfo.InvariantCulture);
            var id = new PartitionId(side, 0, partition);
            var offset = offsets.GetValueOrDefault(id);
            offsets[id] = offset + 1;
            records.Add((copied ?? new TestRecord(
                (side == Side.Left ? "l" : "r") + number,
                side,
                random.Next(12) == 0 ? null : "k" + random.Next(2),
                random.Next(0, 40),
                random.Next(4) == 0 ? null : "i" + number,
                X: random.Next(6) == 0 ? null : random.Next(5))) with
            { Partition = partition, Offset = offset });
        }

        return records;
    }

    /// <summary>The records in a random order, in random batches, as events; each partition keeps its order.</summary>
    internal static IEnumerable<List<TestBatch>> Events(Random random, IReadOnlyList<TestRecord> records)
    {
        var rest = records.GroupBy(r => new PartitionId(r.Side, 0, r.Partition))
            .ToDictionary(g => g.Key, g => new Queue<TestRecord>(g.OrderBy(r => r.Offset)));
        while (rest.Values.Any(queue => queue.Count > 0))
        {
            var batches = new List<TestBatch>();
            for (var count = random.Next(1, 3); count > 0; count--)
            {
                var id = rest.Keys.ElementAt(random.Next(rest.Count));
                batches.Add(Batch(random, id, rest[id]));
            }

            yield return batches;
        }
    }

    static TestBatch Batch(Random random, PartitionId id, Queue<TestRecord> rest)
    {
        var from = rest.Count > 0 ? rest.Peek().Offset : 1_000;
        var records = new List<TestRecord>();
        for (var count = random.Next(0, 5); count > 0 && rest.Count > 0; count--)
            records.Add(rest.Dequeue());
        var to = rest.Count > 0 ? rest.Peek().Offset : 1_000;
        var watermark = rest.Count > 0 ? rest.Min(r => r.Time) - random.Next(0, 3) : random.Next(0, 60);
        return new TestBatch(id.Side, id.Partition, Partitions, from, to, records, random.Next(4) == 0 ? null : watermark);
    }
}
