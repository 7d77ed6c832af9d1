using AkkaJoin.Host.Cli;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;
using Xunit;

namespace AkkaJoin.Host.Tests.Fields;

/// <summary>Why a side has no time yet is told as it is.</summary>
public sealed class SideTimeTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, "partition 2 had no record")]
    [InlineData(90, 0, 0, 0, "partition 2 had no record from offset 90 on")]
    [InlineData(0, 0, 57, 0, "partition 2: 57 records read, all of them dead letters")]
    [InlineData(0, 0, 50, 7, "partition 2: 57 records read, 50 dead letters, 7 filtered records without a time")]
    [InlineData(0, 3, 50, 4, "partition 2: 57 records read, none of them applied yet")]
    public void A_partition_without_a_time_is_told_with_what_became_of_its_records(long beganAt, long routed, long deadLettered, long filtered, string reason)
    {
        var id = new PartitionId(Side.Right, 0, 2);
        var partition = new RouterStatus.Partition("t", 2, PartitionPhase.Reading, true, 57, 57, 57, 57, deadLettered, [(id, SideWatermarks.None)])
        {
            BeganAt = beganAt,
            Right = new SideFates(routed, deadLettered, filtered),
        };
        var status = new RouterStatus([partition], true, true, 0, 0);
        Assert.Equal(reason, SideTime.Reason(Side.Right, 2, status));
        Assert.Equal("none came from partition 2, which this node does not read", SideTime.Reason(Side.Left, 2, status));
    }
}
