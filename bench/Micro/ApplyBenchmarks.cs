using AkkaJoin.Shards.KeyGroups;
using BenchmarkDotNet.Attributes;

namespace AkkaJoin.Bench.Micro;

/// <summary>What a key group does with its events; figures per record. Each call begins with a fresh state.</summary>
public class ApplyBenchmarks
{
    const int Events = 100, RecordsEach = 1_000;
    const int Records = Events * RecordsEach;
    readonly List<byte[]> _events = [];
    byte[] _close = [];
    KeyGroup _group = null!;

    /// <summary>Makes the events.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var group = MicroData.Group();
        foreach (var message in MicroData.Messages(Events, RecordsEach))
            _events.Add(MicroData.Accept(group, message));
        _close = MicroData.Close(group);
        WarmUp();
    }

    /// <summary>A fresh group.</summary>
    [IterationSetup(Target = nameof(Apply))]
    public void Empty() => _group = MicroData.Group();

    /// <summary>Joins, indexes and keeps 100,000 records; renders their rows.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public void Apply() => ApplyAll();

    /// <summary>A group that holds all records.</summary>
    [IterationSetup(Target = nameof(Expire))]
    public void Fill()
    {
        Empty();
        ApplyAll();
    }

    /// <summary>Drops 100,000 records that are over.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public void Expire() => MicroData.Apply(_group, _close);

    // The few calls of a short job are over before the methods are compiled for good.
    void WarmUp()
    {
        const int Rounds = 10, CompilationMs = 200;
        for (var i = 0; i < Rounds; i++)
        {
            Fill();
            Expire();
            Thread.Sleep(CompilationMs);
        }
    }

    void ApplyAll()
    {
        foreach (var bytes in _events)
            MicroData.Apply(_group, bytes);
    }
}
