namespace AkkaJoin.Host.Chaos;

/// <summary>
/// When the feeder of a side falls silent: its records are kept back, and come in their order when the silence is over.
/// By seed. So event time stands on that side, its partitions become idle, and time goes on by the clock.
/// </summary>
sealed class FeederSilences
{
    /// <summary>The <c>idle.timeout</c> of a run with silences, ms.</summary>
    internal const int TimeoutMs = 2_000;

    const double LengthMin = 3, LengthMax = 8;

    readonly List<(Side Side, double From, double Until)> _all = [];
    readonly Queue<ChaosRecord>[] _kept = [new(), new()];

    /// <param name="seed">Of the run.</param>
    /// <param name="part">How often the run was resumed.</param>
    /// <param name="seconds">How long the run is.</param>
    /// <param name="perMinute">How many silences a minute; 0 = none.</param>
    internal FeederSilences(int seed, int part, double seconds, double perMinute)
    {
        var random = new Random(unchecked((seed * 31) + part + 7));
        for (var i = (int)Math.Ceiling(seconds / 60 * perMinute); i > 0; i--)
        {
            var from = random.NextDouble() * seconds;
            _all.Add(((Side)random.Next(2), from, from + LengthMin + (random.NextDouble() * (LengthMax - LengthMin))));
        }
    }

    /// <summary>None.</summary>
    internal static FeederSilences None => new(0, 0, 0, 0);

    /// <summary>Whether the record is kept back.</summary>
    /// <param name="record">The record.</param>
    /// <param name="second">Since the feed began.</param>
    internal bool Keeps(ChaosRecord record, double second)
    {
        if (!IsSilent(record.Side, second))
            return false;
        _kept[(int)record.Side].Enqueue(record);
        return true;
    }

    /// <summary>What was kept back and is due now: before any newer record of its side.</summary>
    /// <param name="second">Since the feed began; infinity = the feed is over.</param>
    internal IEnumerable<ChaosRecord> Due(double second)
    {
        for (var side = 0; side < _kept.Length; side++)
        {
            while (!IsSilent((Side)side, second) && _kept[side].TryDequeue(out var record))
                yield return record;
        }
    }

    bool IsSilent(Side side, double second) => _all.Exists(s => s.Side == side && s.From <= second && second < s.Until);
}
