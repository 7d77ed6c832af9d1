using System.Globalization;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Tests.Oracle;

namespace AkkaJoin.Simulation.Load;

/// <summary>
/// The source logs of a run. Where it is to be exact, no record lies further behind the newest one of its partition than the disorder, so
/// that none is late; copies of a record are written only where they fulfil that too.
/// </summary>
sealed class Streams
{
    /// <summary>Times further from the clock than this are not taken, ms.</summary>
    internal const long TakenMs = 1_000_000_000;

    // How long after it was written a record arrives, at most, and how long after all others the last does.
    const int DelayMsMax = 400;

    const long FarTime = 4_000 * TakenMs;

    // Far ahead of all others, and taken.
    const long JumpTime = TakenMs / 2;
    readonly Random _random;
    readonly bool _exact;
    readonly bool _hasIds;
    readonly int _scale;
    readonly int _keys;
    readonly long _disorder;
    readonly Dictionary<PartitionId, long> _newest = [];
    readonly List<TestRecord> _written = [];
    readonly Dictionary<PartitionId, int> _jumpsInARow = [];
    readonly int _loadMs;
    long _now;

    internal Streams(Random random, bool exact, bool hasIds, int scale, IReadOnlyList<PartitionId> partitions, Func<PartitionId, bool> isAdded, int loadMs)
    {
        _random = random;
        _exact = exact;
        _hasIds = hasIds;
        _scale = scale;
        _keys = random.Next(1, 13);
        _disorder = random.Next(0, 12) * scale;
        MaxOutOfOrdernessMs = exact ? _disorder : random.NextInt64(0, _disorder + 1);
        foreach (var partition in partitions)
        {
            Logs[partition] = [];

            // A partition that is added later has lost nothing yet.
            var start = random.Next(3) == 0 ? random.Next(1, 100) : 0;
            Starts[partition] = isAdded(partition) ? 0 : start;
        }

        _loadMs = loadMs;
    }

    /// <summary>
    /// Draws records that lie far ahead and join; null = there are none. A seed is otherwise what it is without.
    /// </summary>
    internal Random? Jumps { get; init; }

    /// <summary>So many of them come in a row at most: too few to bear each other out.</summary>
    internal int JumpsInARowMax { get; init; }

    /// <summary>The entries of each partition, the first at its start.</summary>
    internal Dictionary<PartitionId, List<LogEntry>> Logs { get; } = [];

    /// <summary>The offset at which each log begins.</summary>
    internal Dictionary<PartitionId, long> Starts { get; } = [];

    internal long MaxOutOfOrdernessMs { get; }

    /// <summary>Records by their values.</summary>
    internal Dictionary<string, TestRecord> ByName { get; } = [];

    /// <summary>
    /// Has the right side read the left side's topic. A record has the time and the id that it has on the left; its key may be another one, and now and then it is
    /// a dead letter on the right alone.
    /// </summary>
    internal void Mirror()
    {
        var hasOneKey = _random.Next(2) == 0;
        foreach (var left in _written.DistinctBy(r => r.Name).ToList())
        {
            if (_random.Next(15) == 0)
                continue;
            var name = RightName(left);
            ByName[name] = left with { Name = name, Side = Side.Right, Key = hasOneKey || _random.Next(3) == 0 ? left.Key : Key() };
        }

        foreach (var (partition, log) in Logs.ToList())
        {
            var right = partition with { Side = Side.Right };
            Starts[right] = Starts[partition];
            Logs[right] = log.ConvertAll(entry => entry.Record is { } left
                ? entry with { Record = ByName.TryGetValue(RightName(left), out var known) ? known with { Partition = left.Partition, Offset = left.Offset } : null }
                : entry);
        }
    }

    static string RightName(TestRecord left) => "r" + left.Name[1..];

    string? Key() => _random.Next(15) == 0 ? null : "k" + Math.Min(_random.Next(_keys), _random.Next(_keys)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes the logs.</summary>
    internal void Write(IReadOnlyList<PartitionId> partitions)
    {
        var silentSide = _random.Next(20) == 0 ? _random.Next(2) : -1;
        var live = partitions.Where(p => (int)p.Side != silentSide && _random.Next(12) > 0).ToList();
        if (live.Count == 0)
            live.Add(partitions[0]);
        var lag = live.ToDictionary(p => p, _ => _random.Next(0, 6) * _scale);
        var delay = live.ToDictionary(p => p, _ => _random.Next(0, DelayMsMax));
        var total = _random.Next(50, 350);
        var step = _random.Next(1, 4);
        for (var i = 0; i < total; i++)
        {
            _now += _random.Next(0, step + 1) * _scale;
            var partition = live[_random.Next(live.Count)];
            var log = Logs[partition];
            var offset = Starts[partition] + log.Count;
            var record = _random.Next(30) == 0 ? null : Next(partition, offset, _now - lag[partition], i);
            var arrivesAt = ((long)i * _loadMs / total) + delay[partition];
            if (record is null)
            {
                // Every other one is no dead letter but filtered: nobody joins it, and its time passes. Of both kinds
                // some have a time that is not taken. None of it is drawn: a seed keeps what it found.
                var time = i % 2 == 0 ? _now - lag[partition] : (long?)null;
                var isRefused = i % 4 < 2;
                log.Add(new LogEntry(arrivesAt, null)
                {
                    FilteredTime = time is not null && isRefused ? FarTime : time,
                    RefusedTime = time is null && isRefused ? (i % 8 == 1 ? FarTime : -FarTime) : null,
                });
                if (!isRefused)
                    _newest[partition] = Math.Max(time ?? long.MinValue / 4, _newest.GetValueOrDefault(partition, long.MinValue / 4));
                continue;
            }

            var jumped = Jump(partition, record);
            log.Add(new LogEntry(arrivesAt, jumped));
            _written.Add(jumped);
            ByName[jumped.Name] = jumped;
            if (jumped.Time != record.Time)
                continue;
            _newest[partition] = Math.Max(record.Time, _newest.GetValueOrDefault(partition, long.MinValue / 4));
        }
    }

    /// <summary>
    /// Has partitions fall silent: what was to come meanwhile comes when the silence is over. Some never speak again.
    /// </summary>
    /// <param name="random">Draws which, and when.</param>
    /// <param name="silentMsMin">How long at least, ms.</param>
    internal void FallSilent(Random random, int silentMsMin)
    {
        foreach (var log in Logs.OrderBy(entry => entry.Key).Select(entry => entry.Value))
        {
            for (var times = random.Next(0, 3); times > 0; times--)
            {
                var from = random.Next(0, _loadMs);
                var until = Math.Min(from + random.Next(silentMsMin, _loadMs), _loadMs + DelayMsMax);
                if (random.Next(4) == 0)
                    log.RemoveAll(entry => entry.ArrivesAt >= from);
                for (var i = 0; i < log.Count; i++)
                {
                    if (log[i].ArrivesAt >= from)
                        log[i] = log[i] with { ArrivesAt = Math.Max(log[i].ArrivesAt, until) };
                }
            }
        }
    }

    // A copy stays one.
    TestRecord Jump(PartitionId partition, TestRecord record)
    {
        var isJump = Jumps?.Next(8) == 0 && !ByName.ContainsKey(record.Name) && _jumpsInARow.GetValueOrDefault(partition) < JumpsInARowMax;
        _jumpsInARow[partition] = isJump ? _jumpsInARow.GetValueOrDefault(partition) + 1 : 0;
        return isJump ? record with { Time = JumpTime + Jumps!.Next(0, 3) } : record;
    }

    TestRecord Next(PartitionId partition, long offset, long now, int number)
    {
        var earliest = _newest.GetValueOrDefault(partition, long.MinValue / 4) - _disorder;
        if (_hasIds && _random.Next(5) == 0 && Copy(partition, earliest) is { } copy)
            return copy with { Partition = partition.Partition, Offset = offset };
        var time = now - _random.NextInt64(0, _disorder + 1) + _random.Next(-1, 2);
        if (_exact)
            time = Math.Max(time, earliest);
        else if (_random.Next(10) == 0)
            time -= _random.Next(0, 30) * _scale;
        var text = number.ToString(CultureInfo.InvariantCulture);
        return new TestRecord(
            (partition.Side == Side.Left ? "l" : "r") + text,
            partition.Side,
            Key(),
            time,
            !_hasIds || _random.Next(6) == 0 ? null : "i" + text,
            partition.Partition,
            offset,
            _random.Next(6) == 0 ? null : _random.Next(5));
    }

    TestRecord? Copy(PartitionId partition, long earliest)
    {
        var original = _written.FindLast(r => r.Time < JumpTime && r.Side == partition.Side && r.Id is not null && _random.Next(4) == 0 && (!_exact || r.Time >= earliest));
        if (original is null || _exact || _random.Next(8) > 0)
            return original;

        // One that has another time is another record with the same id.
        var name = original.Name + "c" + _written.Count.ToString(CultureInfo.InvariantCulture);
        return original with { Name = name, Time = original.Time + (_random.Next(1, 4) * _scale) };
    }
}
