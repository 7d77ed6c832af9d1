using AkkaJoin.Shards.Histograms;
using BenchmarkDotNet.Attributes;

namespace AkkaJoin.Bench.Micro;

/// <summary>What the figures of <c>time advise</c> cost: per record, and per pair.</summary>
public class TimeFigureBenchmarks
{
    const int Records = 4_096;
    const long WindowMs = 600_000;
    readonly LogHistogram _disorder = new();
    readonly WindowHistogram _distances = new(-WindowMs, WindowMs);
    readonly long[] _ordered = new long[Records];
    readonly long[] _disordered = new long[Records];
    readonly long[] _pairs = new long[Records];

    /// <summary>Makes the lengths.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (var i = 0; i < Records; i++)
        {
            _disordered[i] = random.NextInt64(1L << random.Next(22));
            _pairs[i] = random.NextInt64(-WindowMs, WindowMs + 1);
        }
    }

    /// <summary>A record that is in order.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public void InOrder() => Add(_ordered);

    /// <summary>A record somewhere up to 70 minutes behind.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public void OutOfOrder() => Add(_disordered);

    /// <summary>A pair somewhere in the window.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public void Pair()
    {
        foreach (var distance in _pairs)
            _distances.Add(distance);
    }

    void Add(long[] lengths)
    {
        foreach (var length in lengths)
            _disorder.Add(length);
    }
}
