using System.Globalization;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>
/// A random small join and random streams for it: few keys and ids, close times, copies, null keys, batches and ticks whose watermarks
/// rise at random, so that records are late now and then. It keeps the watermarks as an oracle needs them.
/// </summary>
sealed class RandomCase
{
    readonly Random _random;
    readonly int[] _counts;
    readonly Dictionary<PartitionId, long> _next = [];
    readonly Dictionary<PartitionId, long> _watermarks = [];
    readonly List<TestRecord> _sent = [];
    readonly int _scale;
    readonly int _lateness;
    long _now;
    long _clock;
    int _names;

    internal RandomCase(Random random, bool attribution)
    {
        _random = random;
        _scale = random.Next(2) == 0 ? 100 : 1;
        _lateness = random.Next(0, 30);
        _counts = [random.Next(1, 4), random.Next(1, 4)];
        Definition = Definitions.Random(random, attribution, _scale);
        if (random.Next(2) == 0)
            Definition = Definitions.Repairing(Definition, random, _scale);
    }

    internal JoinDefinition Definition { get; }

    /// <summary>The sides' watermarks after what was made so far: the lowest of the partitions.</summary>
    internal (long Left, long Right) Watermarks => (Watermark(Side.Left), Watermark(Side.Right));

    /// <summary>The next event's batches. Time goes on.</summary>
    internal List<TestBatch> Batches()
    {
        _now += _random.Next(0, 6) * _scale;
        if (_random.Next(12) == 0)
            _counts[_random.Next(2)]++;
        return [.. Enumerable.Range(0, _random.Next(0, 4)).Select(_ => Batch())];
    }

    /// <summary>Claims that partitions are idle. The clock goes on.</summary>
    internal Tick[] Claims()
    {
        _clock += _random.Next(0, 12) * _scale;
        return
        [
            .. Enumerable.Range(0, _random.Next(0, 4)).Select(_ =>
            {
                var side = (Side)_random.Next(2);
                var id = new PartitionId(side, 0, _random.Next(_counts[(int)side]));
                var to = Math.Max(0, _next.GetValueOrDefault(id) - (_random.Next(5) == 0 ? 1 : 0));
                var kind = _random.Next(4) == 0 ? TickKind.IdleExclude : TickKind.IdleWallClock;
                return new Tick(id, _counts[(int)side], 0, to, SideWatermarks.None, 1, kind, _clock);
            }),
        ];
    }

    /// <summary>The next event's ticks.</summary>
    internal Tick[] Ticks() => [.. Enumerable.Range(0, _random.Next(0, 3)).Select(_ => Tick())];

    TestBatch Batch()
    {
        var side = (Side)_random.Next(2);
        var partition = _random.Next(_counts[(int)side]);
        var id = new PartitionId(side, 0, partition);
        var from = _next.GetValueOrDefault(id);
        var records = new List<TestRecord>();
        var offset = from;
        for (var count = _random.Next(0, 5); count > 0; count--)
        {
            offset += _random.Next(0, 3);
            records.Add(Record(side, partition, offset++));
        }

        _next[id] = offset + _random.Next(offset == from ? 1 : 0, 2);
        var watermark = _random.Next(3) == 0 ? (long?)null : Raise(id);
        return new TestBatch(side, partition, _counts[(int)side], from, _next[id], records, watermark);
    }

    TestRecord Record(Side side, int partition, long offset)
    {
        var copied = _random.Next(4) == 0 ? _sent.FindLast(r => r.Side == side && r.Id is not null && _random.Next(3) > 0) : null;
        var time = copied is not null && _random.Next(4) > 0 ? copied.Time : _now + (_random.Next(-20, 12) * _scale) + _random.Next(-1, 2);
        var number = (++_names).ToString(CultureInfo.InvariantCulture);
        var record = new TestRecord(
            (side == Side.Left ? "l" : "r") + number,
            side,
            copied is not null ? copied.Key : _random.Next(12) == 0 ? null : "k" + _random.Next(3),
            time,
            copied?.Id ?? (_random.Next(5) == 0 ? null : "i" + (_random.Next(3) == 0 ? _random.Next(3).ToString(CultureInfo.InvariantCulture) : number)),
            partition,
            offset,
            _random.Next(6) == 0 ? null : _random.Next(5));
        _sent.Add(record);
        return record;
    }

    Tick Tick()
    {
        var side = (Side)_random.Next(2);
        var id = new PartitionId(side, 0, _random.Next(_counts[(int)side]));
        var through = _next.GetValueOrDefault(id);
        var watermark = _clock > 0 && _random.Next(3) == 0 ? SideWatermarks.None : Raise(id);
        return _clock == 0 || _random.Next(4) == 0
            ? new Tick(id, _counts[(int)side], 0, through, watermark, 1)
            : new Tick(id, _counts[(int)side], 0, through, watermark, 1, TickKind.RecordsWithClock, _clock - (_random.Next(0, 5) * _scale));
    }

    long Raise(PartitionId id)
    {
        var watermark = _now - (_random.Next(-5, _lateness + 1) * _scale);
        _watermarks[id] = Math.Max(watermark, _watermarks.GetValueOrDefault(id, long.MinValue));
        return watermark;
    }

    // The counts that the group has heard of are the ones of the partitions that it has heard of.
    long Watermark(Side side)
    {
        var lowest = long.MaxValue;
        for (var partition = 0; partition < _heard[(int)side]; partition++)
            lowest = Math.Min(lowest, _watermarks.GetValueOrDefault(new PartitionId(side, 0, partition), long.MinValue / 4));
        return lowest == long.MaxValue ? long.MinValue / 4 : lowest;
    }

    readonly int[] _heard = new int[2];

    /// <summary>Notes what partition counts the group heard.</summary>
    internal void Heard(IEnumerable<TestBatch> batches, IEnumerable<Tick> ticks)
    {
        foreach (var batch in batches)
            _heard[(int)batch.Side] = Math.Max(_heard[(int)batch.Side], batch.PartitionCount);
        foreach (var tick in ticks)
            _heard[(int)tick.Partition.Side] = Math.Max(_heard[(int)tick.Partition.Side], tick.PartitionCount);
    }
}
