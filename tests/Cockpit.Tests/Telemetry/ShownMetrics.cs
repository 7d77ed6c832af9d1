using System.Runtime.CompilerServices;
using AkkaJoin.Pipeline.Clustering;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Metering;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Cockpit.Tests.Telemetry;

/// <summary>
/// A join of which every instrument has something to show, without running: as many key groups and partitions as asked
/// for. Disposed, it shows nothing any more.
/// </summary>
sealed class ShownMetrics : IDisposable
{
    readonly string _join;
    readonly JoinGauges _gauges;

    internal ShownMetrics(string join, int keyGroups, int partitions)
    {
        _join = join;
        RuntimeHelpers.RunClassConstructor(typeof(RoutingMetrics).TypeHandle);
        _gauges = new JoinGauges(join, keyGroups);
        ShardsMetrics.Add(_gauges);
        foreach (var group in _gauges.Groups)
        {
            group.Runs = true;
            (group.LeftWatermark, group.RightWatermark) = (NowMs, NowMs);
            group.Left.Count(new SideLedger { Matched = 3, Late = 1, Waiting = 2 });
        }

        Count();
        ShowRouter(partitions);
    }

    static long NowMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public void Dispose()
    {
        RoutingMetrics.Remove(_join);
        foreach (var group in _gauges.Groups)
            group.Runs = false;
        ShardsMetrics.RemoveIfIdle(_gauges);
    }

    void Count()
    {
        var tag = _gauges.Tag;
        ShardsMetrics.Rows.Add(2, tag);
        ShardsMetrics.LateRecords.Add(1, tag);
        ShardsMetrics.JournalEvents.Add(1, tag);
        ShardsMetrics.JournalBytes.Add(100, tag);
        ShardsMetrics.PersistDuration.Record(0.002, tag);
        ShardsMetrics.PersistFailures.Add(1, tag);
        ShardsMetrics.SnapshotDuration.Record(0.3, tag);
        ShardsMetrics.SnapshotCaptureDuration.Record(0.004, tag);
        ShardsMetrics.SnapshotSize.Record(5_000, tag);
        ShardsMetrics.RecoveryDuration.Record(1.5, tag);
        ClusteringMetrics.LeaseRenewalsFailed.Add(1);
        OutputMetrics.Written([(RowKind.Matched, NowMs - 70), (RowKind.Unmatched, NowMs - 600_000)], _join);
    }

    void ShowRouter(int partitions)
    {
        var counts = SideCounts.None with
        {
            NullKeys = 4,
            DeadLetters = new Dictionary<string, long> { ["missing-time"] = 2 },
            Where = [new FieldCount("tier", 10, 3)],
        };
        var all = Enumerable.Range(0, partitions).Select(Partition).ToList();
        var status = new RouterStatus(all, Clear: false, Applied: false, BytesInFlight: 10, Resent: 1)
        {
            Input = new InputCounts(counts, counts, []),
        };
        var times = new PartitionTimes();
        times.See(status, 0);
        RoutingMetrics.Show(_join, status, times.See(status, 1_500));
    }

    static RouterStatus.Partition Partition(int number)
    {
        var side = number % 2 == 0 ? Side.Left : Side.Right;
        return new RouterStatus.Partition(
            side == Side.Left ? "impressions" : "plays",
            number / 2,
            PartitionPhase.Reading,
            AtEnd: false,
            Position: 100,
            LogEnd: 120,
            AcknowledgedOffset: 90,
            Consumed: 100,
            DeadLettered: 1,
            [(new PartitionId(side, 0, number / 2), NowMs - 5_000)])
        {
            PausedBy = PauseReason.Alignment,
            NewestLogEnd = 120,
            Left = new SideFates(98, 1, 1),
        };
    }
}
