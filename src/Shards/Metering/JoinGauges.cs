using AkkaJoin.Shards.Histograms;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Metering;

/// <summary>The key groups of one join on this node, for <see cref="ShardsMetrics"/>.</summary>
sealed class JoinGauges
{
    internal JoinGauges(string join, int groups)
    {
        Tag = new KeyValuePair<string, object?>("join", join);
        Groups = new KeyGroupGauge[groups];
        for (var i = 0; i < groups; i++)
            Groups[i] = new KeyGroupGauge();
    }

    /// <summary>Names the join in every measurement.</summary>
    internal KeyValuePair<string, object?> Tag { get; }

    internal KeyGroupGauge[] Groups { get; }

    /// <summary>Those that run here.</summary>
    internal IEnumerable<KeyGroupGauge> Running => Groups.Where(g => g.Runs);
}

/// <summary>
/// What a key group shows of itself. Written by its actor after each event, read by whoever collects metrics: numbers
/// that are not of the same moment do no harm.
/// </summary>
sealed class KeyGroupGauge
{
    /// <summary>Whether the key group runs on this node; else the rest is old.</summary>
    internal bool Runs { get; set; }

    internal bool BacksOff { get; set; }

    internal long Records { get; set; }

    internal long Bytes { get; set; }

    internal long UnconfirmedBytes { get; set; }

    internal long LeftWatermark { get; set; }

    internal long RightWatermark { get; set; }

    /// <summary>Rows that this incarnation put out.</summary>
    internal long Rows { get; set; }

    /// <summary>What became of its lefts.</summary>
    internal FateCounts Left { get; } = new();

    /// <summary>What became of its rights.</summary>
    internal FateCounts Right { get; } = new();

    /// <summary>How far apart in time its pairs lie.</summary>
    internal PairDistances Distances { get; } = new();
}

/// <summary>
/// The fates of one side's records in a key group, counted since the process began: they go on from one incarnation to
/// the next. Written by the key group's actor alone.
/// </summary>
sealed class FateCounts
{
    SideLedger _counted;

    /// <summary>Records that have no partner yet, as they are now.</summary>
    internal long Waiting { get; private set; }

    internal long Received { get; private set; }

    internal long Matched { get; private set; }

    internal long Unmatched { get; private set; }

    internal long Expired { get; private set; }

    internal long Late { get; private set; }

    internal long Duplicate { get; private set; }

    /// <summary>An incarnation begins: what is in its ledger came about before.</summary>
    internal void Begin(SideLedger ledger)
    {
        _counted = ledger;
        Waiting = ledger.Waiting;
    }

    /// <summary>Counts what came about since the last call.</summary>
    internal void Count(SideLedger ledger)
    {
        Received += ledger.Received - _counted.Received;
        Matched += ledger.Matched - _counted.Matched;
        Unmatched += ledger.Unmatched - _counted.Unmatched;
        Expired += ledger.Expired - _counted.Expired;
        Late += ledger.Late - _counted.Late;
        Duplicate += ledger.Duplicate - _counted.Duplicate;
        Begin(ledger);
    }
}
