using System.Text;
using AkkaJoin.Bench.Load;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.KeyGroups;
using BenchmarkDotNet.Attributes;

namespace AkkaJoin.Bench.Micro;

/// <summary>Questions to a state with 100,000 records: the probe of a hot key, a snapshot, the recovery from it.</summary>
public class StateBenchmarks
{
    const int Records = 100_000, RecordsEach = 1_000;
    const long WindowMs = 20;
    readonly EntryList _found = new();
    readonly byte[] _hotKey = "[\"m000001\",\"t001\"]"u8.ToArray();
    KeyGroup _group = null!;
    KeyGroup _hot = null!;
    byte[] _snapshot = [];
    uint _hotHash;
    long _probe;

    /// <summary>Fills a group with the load, and one with a single key.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _group = MicroData.Group();
        foreach (var message in MicroData.Messages(Records / RecordsEach, RecordsEach))
            MicroData.Accept(_group, message);
        _snapshot = _group.TakeSnapshot();
        _hot = MicroData.Group();
        var batches = new MicroBatches(Side.Left);
        foreach (var records in Hot().Chunk(RecordsEach))
            MicroData.Accept(_hot, batches.Next(records));
        _hotHash = IndexHash.Of(_hotKey);
    }

    /// <summary>The partners of a record whose key has 100,000 of them, of which about 20 lie in the window.</summary>
    [Benchmark]
    public int ProbeHotKey()
    {
        _probe = (_probe + 7_919) % Records;
        _found.Clear();
        _hot.State!.Store(Side.Left).Find(_hotHash, _hotKey, MicroData.StartMs + _probe, MicroData.StartMs + _probe + WindowMs, _found);
        return _found.Count;
    }

    /// <summary>How long the group itself is held by a snapshot of 100,000 records.</summary>
    [Benchmark]
    public long SnapshotCapture()
    {
        using var capture = _group.Capture();
        return capture.Sequence;
    }

    /// <summary>The state of 100,000 records as bytes.</summary>
    [Benchmark]
    public int Snapshot() => _group.TakeSnapshot().Length;

    /// <summary>A group with 100,000 records from its snapshot.</summary>
    [Benchmark]
    public long Recover()
    {
        var group = MicroData.Group();
        group.Restore(_snapshot);
        return group.Sequence;
    }

    // One a millisecond.
    static IEnumerable<LoadRecord> Hot()
    {
        for (var i = 0; i < Records; i++)
        {
            var time = MicroData.StartMs + i;
            var value = Encoding.UTF8.GetBytes($"{{\"profile\":\"m000001\",\"title\":\"t001\",\"ts\":{time},\"id\":\"i{i:D8}\",\"row\":3,\"position\":7,\"art\":\"a1\"}}");
            yield return new LoadRecord(true, "m000001"u8.ToArray(), value, time);
        }
    }
}
