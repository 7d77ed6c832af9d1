using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Decides when a chunk that came is decoded. Chunks of a partition wait while its dead letters are not acknowledged by
/// the broker, while it is too far ahead of the others in event time (<see cref="WatermarkAlignment"/>), and while
/// somebody asked that it waits (<see cref="FlowGate"/>). Their bytes stay in flight meanwhile, so the source pauses
/// the partition when many chunks wait.
/// <para>
/// Invariants. No chunk is decoded while dead letters of its partition are on their way to the broker, while the
/// partition is ahead by more than max-drift, or while it is paused.
/// </para>
/// </summary>
sealed class ReadGate(PartitionTable partitions, WatermarkAlignment alignment, FlowGate flow, RecordIntake intake)
{
    // Of 64 KiB each: so that answers of key groups are not kept waiting.
    const int DecodedAtOnceMax = 64;

    // Where the next turn begins.
    int _turn;

    /// <summary>A chunk came. It is decoded now, if its partition may be read on, or later.</summary>
    internal void Offer(SourcePartition partition, RecordChunk chunk, long nowMs)
    {
        partition.HeardAtMs = nowMs;
        partition.NewestLogEnd = Math.Max(partition.NewestLogEnd, chunk.LogEnd);
        partition.Undecoded.Enqueue(chunk);
        alignment.Changed();

        // Where there is a rate, whoever waits longest comes first: ResumeAll.
        if (!flow.IsOn)
            Resume(partition, nowMs);
    }

    /// <summary>Decodes whatever a partition may be read on.</summary>
    internal void Resume(SourcePartition partition, long nowMs)
    {
        while (DecodeNext(partition, nowMs))
        {
        }
    }

    /// <summary>Decodes a chunk of each partition in turn, so that they stay together in event time.</summary>
    internal void ResumeAll(long nowMs)
    {
        if (!alignment.IsOn && !flow.IsOn)
            return;
        var decoded = 0;
        for (var before = -1; before != decoded && decoded < DecodedAtOnceMax;)
        {
            before = decoded;
            decoded += flow.HasRate ? DecodeInTurn(nowMs) : DecodeOneOfEach(nowMs);
        }
    }

    int DecodeOneOfEach(long nowMs)
    {
        var decoded = 0;
        foreach (var partition in partitions.All)
            decoded += DecodeNext(partition, nowMs) ? 1 : 0;
        return decoded;
    }

    // Where there is one chunk for all of them, the next one begins behind the one that got it.
    int DecodeInTurn(long nowMs)
    {
        SourcePartition[] all = [.. partitions.All];
        var (first, decoded) = (_turn, 0);
        for (var i = 0; i < all.Length; i++)
        {
            var index = (first + i) % all.Length;
            if (!DecodeNext(all[index], nowMs))
                continue;
            decoded++;
            _turn = index + 1;
        }

        return decoded;
    }

    bool DecodeNext(SourcePartition partition, long nowMs)
    {
        if (partition.AwaitsDeadLetters || partition.Undecoded.Count == 0)
            return false;
        partition.HeldBy = flow.Holds(partition, nowMs) is var held and not PauseReason.None ? held
            : alignment.IsAhead(partition, nowMs) ? PauseReason.Alignment : PauseReason.None;
        if (partition.HeldBy != PauseReason.None)
            return false;
        Invariant.Holds(!partition.IsPaused, "no chunk is decoded of a partition that is paused");
        flow.Spend(partition.Undecoded.Peek());
        var chunk = partition.Undecoded.Dequeue();
        Invariant.Holds(!partition.AwaitsDeadLetters, "no chunk is decoded while dead letters of its partition are on their way");
        Invariant.Holds(!alignment.IsAhead(partition, nowMs), "no chunk is decoded while its partition is ahead by more than max-drift");
        intake.Decode(partition, chunk, nowMs);
        alignment.Changed();
        return true;
    }
}
