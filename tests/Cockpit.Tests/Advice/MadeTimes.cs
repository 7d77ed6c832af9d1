using AkkaJoin.Cockpit.Advice;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Histograms;

namespace AkkaJoin.Cockpit.Tests.Advice;

/// <summary>Made-up figures of a join, and the advice for it.</summary>
sealed class MadeTimes
{
    internal const long NowMs = 1_573_552_530_000;
    const long SinceMs = NowMs - 4_800_000;

    readonly List<(Side Side, int Partition, LogHistogram Ms)> _disorder = [];
    readonly LogHistogram _leftLag = new();
    readonly LogHistogram _rightLag = new();
    WindowHistogram _pairs = new(0, 600_000);

    /// <summary>Records of a partition that lie as far below its highest time.</summary>
    internal MadeTimes Records(Side side, int partition, long count, long disorderMs)
    {
        var histogram = new LogHistogram();
        histogram.Add(LogHistogram.BucketOf(disorderMs), count, disorderMs);
        _disorder.Add((side, partition, histogram));
        return this;
    }

    /// <summary>Pairs whose right is as far behind the left.</summary>
    internal MadeTimes Pairs(int count, long distanceMs)
    {
        for (var i = 0; i < count; i++)
            _pairs.Add(distanceMs);
        return this;
    }

    /// <summary>The join's window has no length: all its pairs have equal times.</summary>
    internal MadeTimes Equal(int count)
    {
        _pairs = new WindowHistogram(0, 0);
        return Pairs(count, 0);
    }

    /// <summary>How far the sides' times are behind the clock.</summary>
    internal MadeTimes Lags(long leftMs, long rightMs)
    {
        _leftLag.Add(leftMs);
        _rightLag.Add(rightMs);
        return this;
    }

    internal TimeFigures Figures() => new(
        SinceMs,
        [.. _disorder.Select(d => new PartitionDisorder(d.Side, d.Partition, HistogramFigures.Of(d.Ms)))],
        [PairFigures.Of(_pairs)],
        HistogramFigures.Of(_leftLag),
        HistogramFigures.Of(_rightLag));

    /// <summary>The advice from these figures, of two nodes where two are given.</summary>
    /// <param name="join">What stands in the join's configuration behind before = 0 and after = 10 min.</param>
    /// <param name="others">The figures of other nodes.</param>
    internal AdviceReport Advise(string join = "type = left", params TimeFigures[] others) =>
        new TimeAdvisor(Settings(join), [Figures(), .. others], 100 * 1_048_576, NowMs).Advise([]);

    static JoinSettings Settings(string join) => ConfigReader.ReadText(
        $$"""
        akkajoin {
          kafka.bootstrap-servers = "h:1"
          joins.j {
            before = 0s, after = 10m, {{join}}
            left { topic = shown, key = k, time = t }
            right { topic = played, key = k, time = t }
            output.topic = o
          }
        }
        """,
        "test.conf").Settings.Joins[0];
}
