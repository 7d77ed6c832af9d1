using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Takes partitions in, starts to read them, and lets them go: every change of <see cref="PartitionPhase"/>, which has
/// the drawing.
/// <para>
/// A partition that came is asked for first: every key group says up to which offset it has applied it. Reading starts
/// at the lowest of these offsets, and not at the committed one: what all of them have applied is neither read again
/// nor are its dead letters written again. A key group that does not know the partition starts at its origin, the
/// offset at which the join first read it, and never at an offset that was committed later: the journal may have been
/// rolled back to before the group knew the partition. Where nobody knows the origin, such a group stops the join.
/// </para>
/// <para>
/// Invariants. A partition is read from an offset that the log still holds and up to which every key group has applied
/// it. A revoked partition goes with an offset only when nothing of it is in flight.
/// </para>
/// </summary>
sealed class PartitionLifecycle(
    RouterSettings settings,
    Func<string, IReadOnlyList<RouteSide>> sidesOf,
    PartitionTable partitions,
    SendBuffers buffers,
    WatermarkAlignment alignment,
    IRouterEffects effects)
{
    /// <summary>The revocation completes without an offset to commit.</summary>
    const long NoOffset = -1;

    /// <summary>Partitions came. Each is read once every key group has answered.</summary>
    internal void Assign(IReadOnlyList<PartitionStart> starts, long nowMs)
    {
        foreach (var start in starts)
        {
            var partition = new SourcePartition(
                start,
                [
                    .. sidesOf(start.Topic).Select(
                        s => new SidePartition(s.Id(start.Partition), start.PartitionCount, settings.Groups, settings.Jumps)),
                ]);
            partitions.Add(partition);
            partition.RestartAt(start.CommittedOffset, nowMs);
        }
    }

    /// <summary>Partitions go. One that is not read yet, or of an earlier assignment, goes at once.</summary>
    internal void Revoke(IReadOnlyList<(TopicPartitionGeneration Partition, TaskCompletionSource<long> Revocation)> revoked)
    {
        foreach (var (id, revocation) in revoked)
        {
            if (partitions.Find(id.Topic, id.Partition, id.Generation) is not { } partition)
            {
                revocation.TrySetResult(NoOffset);
                continue;
            }

            partition.Revocation = revocation;
            if (partition.Phase == PartitionPhase.Asking)
            {
                RemoveWithoutOffset(partition);
                continue;
            }

            // The next owner reads what was not decoded.
            partition.Undecoded.Clear();
            partition.Phase = PartitionPhase.Revoked;
            alignment.Changed();
        }
    }

    /// <summary>Lets the revoked partitions go of which nothing is in flight any more.</summary>
    internal void CompleteRevocations()
    {
        foreach (var partition in partitions.All.Where(p => p.Phase == PartitionPhase.Revoked && p.IsClear).ToList())
        {
            Invariant.Holds(
                partition.IsClear && buffers.HoldNothingOf(partition), "a revoked partition goes when nothing of it is in flight");
            partition.Revocation?.TrySetResult(partition.AcknowledgedOffset());
            Remove(partition);
        }
    }

    /// <summary>Partitions are gone already, or have been given up.</summary>
    internal void Lose(IReadOnlyList<TopicPartitionGeneration> lost)
    {
        foreach (var id in lost)
        {
            if (partitions.Find(id.Topic, id.Partition, id.Generation) is { } partition)
                Remove(partition);
        }
    }

    /// <summary>
    /// Starts to read the partitions that came, once every key group has answered for all of them: so the log says once
    /// how far the journal is ahead of them or behind. Called also when no answer came: a partition with all its
    /// answers waits for those that came with it, and they may be revoked unanswered.
    /// </summary>
    internal void StartAnswered(long nowMs)
    {
        var asking = 0;
        foreach (var partition in partitions.All)
        {
            if (partition.Phase != PartitionPhase.Asking)
                continue;
            if (partition.AcknowledgedOffset() < 0)
                return;
            asking++;
        }

        if (asking > 0)
            StartAll([.. partitions.All.Where(p => p.Phase == PartitionPhase.Asking)], nowMs);
    }

    /// <summary>
    /// Reads a partition again from the lowest applied offset. Whatever is in flight of it is dropped, for all key
    /// groups, and ticks start at that offset.
    /// </summary>
    internal void ReadAgain(SourcePartition partition, long nowMs)
    {
        var offset = partition.AcknowledgedOffset();
        if (offset < partition.Start.LogStartOffset)
        {
            effects.Fail(new KafkaStopException(RouterTexts.LogNoLongerHolds(partition, offset)));
            return;
        }

        var generation = effects.Rewind(partition.Topic, partition.Partition, partition.Generation, offset);
        if (generation < 0)
        {
            Remove(partition); // the source has given it up already, so nothing may be said of it any more
            return;
        }

        // What was handed to the committer and not sent yet goes with the generation.
        buffers.Forget(partition);
        partition.Generation = generation;
        partition.Committed = Math.Min(partition.Committed, offset);
        RestartAt(partition, offset, nowMs);
        buffers.DropEnded();
    }

    /// <summary>
    /// Lets a revoked partition go without an offset. The next owner asks all key groups, and starts at the lowest of
    /// their offsets.
    /// </summary>
    internal void RemoveWithoutOffset(SourcePartition partition)
    {
        partition.Revocation?.TrySetResult(NoOffset);
        Remove(partition);
    }

    void StartAll(List<SourcePartition> asking, long nowMs)
    {
        foreach (var partition in asking)
        {
            if (partition.AcknowledgedOffset() < partition.BeganAt)
                effects.JournalIsBehind(partition.Topic, partition.Partition, partition.BeganAt, partition.AcknowledgedOffset());
        }

        TellAhead(asking);
        foreach (var partition in asking)
            StartReading(partition, partition.AcknowledgedOffset(), nowMs);
    }

    void TellAhead(List<SourcePartition> asking)
    {
        var ahead = asking
            .Where(partition => partition.Start.HasCommits && partition.AcknowledgedOffset() > partition.BeganAt).ToList();
        if (ahead.Count > 0)
        {
            var offsets = ahead.Sum(partition => partition.AcknowledgedOffset() - partition.BeganAt);
            effects.JournalIsAhead(ahead.Count, offsets, ahead[0].Start, ahead[0].AcknowledgedOffset());
        }
    }

    void StartReading(SourcePartition partition, long offset, long nowMs)
    {
        if (partition.HasLostOrigin(offset))
        {
            effects.Fail(new KafkaStopException(RouterTexts.OriginIsLost(partition)));
            return;
        }

        if (offset < partition.Start.LogStartOffset)
        {
            effects.Fail(new KafkaStopException(RouterTexts.LogNoLongerHolds(partition, offset)));
            return;
        }

        partition.Phase = PartitionPhase.Reading;
        RestartAt(partition, offset, nowMs);
        effects.StartReading(partition.Topic, partition.Partition, partition.Generation, offset);
    }

    void RestartAt(SourcePartition partition, long offset, long nowMs)
    {
        Invariant.Holds(offset >= partition.Start.LogStartOffset, "a partition is read from an offset that the log still holds");
        Invariant.Holds(partition.IsAppliedByAll(offset), "a partition is read from an offset up to which every key group has applied it");
        partition.RestartAt(offset, nowMs);
        alignment.Changed();
    }

    void Remove(SourcePartition partition)
    {
        buffers.Forget(partition);
        partitions.Remove(partition);
        alignment.Changed();
        buffers.DropEnded();
    }
}
