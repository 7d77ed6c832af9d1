using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Consuming;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>The map of states in the comment of <see cref="ConsumedPartition"/>, transition by transition.</summary>
public sealed class ConsumedPartitionTests
{
    readonly ChunkHandover _handover = new(partitionInFlightBytesMax: 1 << 20, chunksMax: 16);

    [Fact]
    public void A_partition_is_read_once_the_engine_named_an_offset_and_the_seek_worked()
    {
        var partition = Assigned();
        Assert.Equal(ConsumedState.Waiting, partition.State);
        Assert.True(partition.TryStartReading(_ => throw new InvalidOperationException("nothing to seek")));
        Assert.Equal(ConsumedState.Waiting, partition.State);

        _handover.StartReading("t", 0, partition.Generation, 40);
        partition.LearnTarget(_handover, 0);
        Assert.Equal((ConsumedState.Seeking, 40L, 40L), (partition.State, partition.RequestedOffset, partition.Position));
        Assert.False(partition.TryStartReading(_ => false));
        Assert.Equal(ConsumedState.Seeking, partition.State);
        Assert.True(partition.TryStartReading(p => p.RequestedOffset == 40));
        Assert.True(partition.IsReading);
    }

    [Fact]
    public void A_partition_that_nobody_has_heard_of_waits_for_its_start_to_be_committed_even_when_reading_stops()
    {
        var partition = Assigned();
        partition.AwaitStartCommit();
        partition.StopReading();
        Assert.Equal(ConsumedState.Uncommitted, partition.State);
        partition.StartCommitted();
        Assert.Equal(ConsumedState.Waiting, partition.State);
        partition.StopReading();
        Assert.Equal(ConsumedState.Stopped, partition.State);
    }

    [Fact]
    public void Of_a_partition_that_came_librdkafka_is_told_anew_whether_it_is_paused()
    {
        // It may have been paused when it went: librdkafka remembers that.
        var partition = Reading();
        Assert.True(partition.Pause(false));
        Assert.False(partition.Pause(false));
        Assert.True(partition.Pause(true));
        Assert.False(partition.Pause(true));
        Assert.True(partition.Pause(false));
    }

    [Fact]
    public void The_commit_of_a_later_offset_changes_no_state()
    {
        var partition = Reading();
        partition.StartCommitted();
        Assert.True(partition.IsReading);
    }

    [Fact]
    public void A_rewind_reads_again_from_reading_and_from_the_end()
    {
        var partition = Reading(end: 100);
        partition.Advance(100);
        partition.ReachEnd();
        Assert.Equal((ConsumedState.Ended, EndNotice.Due), (partition.State, partition.EndNotice));

        var generation = _handover.Rewind("t", 0, partition.Generation, 7);
        partition.LearnTarget(_handover, 0);
        Assert.Equal((ConsumedState.Seeking, EndNotice.None, 7L), (partition.State, partition.EndNotice, partition.Position));
        Assert.Equal(generation, partition.ReadGeneration);
        Assert.False(partition.HasNews);
    }

    [Fact]
    public void The_end_of_the_log_is_news_once_and_again_after_the_next_record()
    {
        var partition = Reading();
        partition.ReachLogEnd(0, now: 5);
        Assert.True(partition.HasNews);
        Assert.Equal(5, partition.NewsSince);
        partition.Emitted(toldEnd: true);
        Assert.False(partition.HasNews);
        partition.Advance(0);
        partition.ReachLogEnd(0, now: 9);
        Assert.True(partition.HasNews);
    }

#if CHECKED
    [Fact]
    public void A_start_that_is_awaited_after_the_engine_heard_of_the_partition_breaks_an_invariant()
    {
        var partition = Reading();
        Assert.Throws<AkkaJoin.Shards.Checks.InvariantException>(partition.AwaitStartCommit);
    }
#endif

    [Fact]
    public void Of_the_commits_of_a_partition_the_latest_is_sent_and_one_that_failed_does_not_replace_it()
    {
        var partition = Assigned();
        _handover.Commit(new PartitionOffset("t", 0, partition.Generation, 5));
        _handover.Commit(new PartitionOffset("t", 0, partition.Generation, 8));
        _handover.Commit(new PartitionOffset("t", 0, partition.Generation + 1, 99));
        var sent = _handover.DequeueCommits();
        Assert.Equal(8, Assert.Single(sent).Offset);

        _handover.Commit(new PartitionOffset("t", 0, partition.Generation, 9));
        _handover.RequeueCommits(sent);
        Assert.Equal(9, Assert.Single(_handover.DequeueCommits()).Offset);

        _handover.RequeueCommits(sent);
        _handover.Fence("t", 0);
        Assert.False(_handover.HasPendingCommits);
    }

    ConsumedPartition Reading(long end = long.MaxValue)
    {
        var partition = Assigned(end);
        _handover.StartReading("t", 0, partition.Generation, 0);
        partition.LearnTarget(_handover, 0);
        partition.TryStartReading(_ => true);
        return partition;
    }

    ConsumedPartition Assigned(long end = long.MaxValue)
    {
        var partition = new ConsumedPartition("t", 0, _handover.NextGeneration(), end, chunkBytesMax: 1_000);
        _handover.Register(partition);
        return partition;
    }
}
