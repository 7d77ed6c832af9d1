using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Routing;

public sealed class WatermarkAlignmentTests
{
    const long Drift = 100, Now = 50_000;

    [Fact]
    public void A_partition_is_ahead_of_the_slowest_of_either_side_by_more_than_the_drift()
    {
        var slow = Partition(Side.Right, 1_000);
        var near = Partition(Side.Left, 1_100);
        var far = Partition(Side.Left, 1_101);
        var alignment = new WatermarkAlignment(Drift, 0, [slow, near, far]);
        Assert.Equal([false, false, true], [alignment.IsAhead(slow, Now), alignment.IsAhead(near, Now), alignment.IsAhead(far, Now)]);
        Assert.False(new WatermarkAlignment(null, 0, [slow, far]).IsAhead(far, Now));
    }

    [Fact]
    public void A_partition_at_its_log_end_holds_nothing_back_for_a_second_longer()
    {
        var slow = Partition(Side.Right, 1_000);
        var far = Partition(Side.Left, 2_000);
        var alignment = new WatermarkAlignment(Drift, 0, [slow, far]);
        slow.IsAtLogEnd = true;
        slow.AtLogEndMs = Now;
        Assert.False(alignment.IsAhead(far, Now));
        Assert.Equal(WatermarkAlignment.NoLimit, new WatermarkAlignment(Drift, 0, [slow]).OwnWatermark(Now));
        slow.IsAtLogEnd = false;
        Assert.False(alignment.IsAhead(far, Now + WatermarkAlignment.LiveMs - 1));
        Assert.True(alignment.IsAhead(far, Now + WatermarkAlignment.LiveMs));
    }

    [Fact]
    public void A_partition_without_a_watermark_holds_all_back_that_have_one_and_is_never_ahead()
    {
        var unknown = Partition(Side.Right, long.MinValue);
        var known = Partition(Side.Left, 0);
        var alignment = new WatermarkAlignment(Drift, 0, [unknown, known]);
        Assert.False(alignment.IsAhead(unknown, Now));
        Assert.True(alignment.IsAhead(known, Now));
    }

    [Fact]
    public void A_partition_that_is_asked_for_or_leaves_holds_nothing_back()
    {
        var slow = Partition(Side.Right, 1_000);
        var far = Partition(Side.Left, 2_000);
        var alignment = new WatermarkAlignment(Drift, 0, [slow, far]);
        foreach (var phase in new[] { PartitionPhase.Asking, PartitionPhase.Revoked })
        {
            slow.Phase = phase;
            alignment.Changed();
            Assert.False(alignment.IsAhead(far, Now));
        }
    }

    [Fact]
    public void A_partition_from_which_nothing_comes_holds_nothing_back_unless_a_key_group_is_slow_with_it()
    {
        var slow = Partition(Side.Right, 1_000);
        var far = Partition(Side.Left, 2_000);
        var alignment = new WatermarkAlignment(Drift, 0, [slow, far]);
        Assert.True(alignment.IsAhead(far, Now + WatermarkAlignment.SilenceMs - 1));
        Assert.False(alignment.IsAhead(far, Now + WatermarkAlignment.SilenceMs));
        slow.Sides[0].Cursors[0].Sent(7);
        Assert.True(alignment.IsAhead(far, Now + WatermarkAlignment.SilenceMs + 1));
    }

    [Fact]
    public void Another_node_counts_until_it_is_silent_or_gone()
    {
        var far = Partition(Side.Left, 2_000);
        far.IsAtLogEnd = true;
        var alignment = new WatermarkAlignment(Drift, 0, [far]);
        alignment.Heard("b", 1_000, Now);
        alignment.Heard("c", WatermarkAlignment.NoLimit, Now);
        Assert.True(alignment.IsAhead(far, Now));
        Assert.False(alignment.IsAhead(far, Now + WatermarkAlignment.SilenceMs));
        alignment.Heard("b", 1_000, Now + WatermarkAlignment.SilenceMs);
        Assert.True(alignment.IsAhead(far, Now + WatermarkAlignment.SilenceMs));
        alignment.KeepNodes(["c"]);
        Assert.False(alignment.IsAhead(far, Now + WatermarkAlignment.SilenceMs));
    }

    [Fact]
    public void A_topic_joined_with_itself_stands_where_its_slower_side_does_and_never_holds_itself_back()
    {
        var both = new SourcePartition(
            new PartitionStart("t", 0, 1, 0, true, 0, 10, 1), [new SidePartition(new(Side.Left, 0, 0), 1, 1), new SidePartition(new(Side.Right, 0, 0), 1, 1)])
        {
            Phase = PartitionPhase.Reading,
        };
        both.RestartAt(0, Now);
        both.Sides[0].MaxEventTime = 9_000;
        var alignment = new WatermarkAlignment(Drift, 0, [both]);
        Assert.False(alignment.IsAhead(both, Now));
        both.Sides[1].MaxEventTime = 1_000;
        alignment.Changed();
        Assert.False(alignment.IsAhead(both, Now));
        Assert.Equal(1_000, both.Progress(0));
    }

    [Fact]
    public void Whatever_the_records_some_partition_may_always_be_read_and_none_runs_away()
    {
        for (var seed = 1; seed <= 300; seed++)
            new World(seed).Run();
    }

    static SourcePartition Partition(Side side, long maxEventTime)
    {
        var partition = new SourcePartition(
            new PartitionStart("t" + side, 0, 1, 0, true, 0, 10, 1), [new SidePartition(new(side, 0, 0), 1, 1)])
        { Phase = PartitionPhase.Reading };
        partition.RestartAt(0, Now);
        partition.Sides[0].MaxEventTime = maxEventTime;
        return partition;
    }

    /// <summary>Nodes that tell each other of their time now and then, with partitions of records in any order of time, or without any.</summary>
    sealed class World
    {
        readonly int _seed;
        readonly Random _random;
        readonly List<(WatermarkAlignment Alignment, List<SourcePartition> Partitions)> _nodes = [];
        readonly Dictionary<SourcePartition, Queue<long>> _unread = [];
        long _now = Now;

        internal World(int seed)
        {
            _seed = seed;
            _random = new Random(seed);
            for (var node = _random.Next(1, 4); node > 0; node--)
            {
                var partitions = Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Partition(_random.Next(2) == 0 ? Side.Left : Side.Right, long.MinValue)).ToList();
                foreach (var partition in partitions)
                {
                    _unread[partition] = new Queue<long>(Times());
                    partition.IsAtLogEnd = _unread[partition].Count == 0;
                }

                _nodes.Add((new WatermarkAlignment(Drift, 0, partitions), partitions));
            }
        }

        internal void Run()
        {
            while (_unread.Values.Any(times => times.Count > 0))
            {
                _now += _random.Next(3);
                if (_random.Next(4) == 0)
                    TellAll();
                if (ReadOne())
                    continue;
                TellAll();
                Assert.True(ReadOne(), $"seed {_seed}: no partition may be read");
            }
        }

        IEnumerable<long> Times()
        {
            var time = _random.Next(2_000);
            var step = _random.Next(1, 100);
            return [.. Enumerable.Range(0, _random.Next(60)).Select(_ => _random.Next(10) == 0 ? long.MinValue : (long)(time += _random.Next(step) - (step / 4)))];
        }

        bool ReadOne()
        {
            var readable = _nodes.SelectMany(n => n.Partitions.Where(p => _unread[p].Count > 0 && !n.Alignment.IsAhead(p, _now)).Select(p => (n.Alignment, Partition: p))).ToList();
            if (readable.Count == 0)
                return false;
            var (alignment, partition) = readable[_random.Next(readable.Count)];
            CheckAligned(partition);
            partition.Sides[0].MaxEventTime = Math.Max(partition.Sides[0].MaxEventTime, _unread[partition].Dequeue());
            partition.HeardAtMs = _now;
            partition.IsAtLogEnd = _unread[partition].Count == 0;
            alignment.Changed();
            return true;
        }

        // What is read is near the slowest of its node, whatever the others said.
        void CheckAligned(SourcePartition partition)
        {
            var node = _nodes.First(n => n.Partitions.Contains(partition));
            var slowest = node.Partitions.Where(p => _unread[p].Count > 0).Min(p => p.Sides[0].MaxEventTime);
            var own = partition.Sides[0].MaxEventTime;
            Assert.True(own == long.MinValue || own - Drift <= slowest, $"seed {_seed}: {own} is read while another stands at {slowest}");
        }

        void TellAll()
        {
            for (var from = 0; from < _nodes.Count; from++)
            {
                for (var to = 0; to < _nodes.Count; to++)
                {
                    if (from != to)
                        _nodes[to].Alignment.Heard("n" + from, _nodes[from].Alignment.OwnWatermark(_now), _now);
                }
            }
        }
    }
}
