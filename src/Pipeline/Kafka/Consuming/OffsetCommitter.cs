using Akka.Event;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Shards.Profiling;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>
/// Commits on the consumer's thread without blocking it: one request at a time, at most one in the commit interval.
/// </summary>
sealed class OffsetCommitter(ConsumerSettings settings, ChunkHandover handover, ILoggingAdapter log, TimeProvider? time = null)
{
    readonly TimeProvider _time = time ?? TimeProvider.System;
    IGroupBroker _broker = null!;
    IOffsetCommit? _request;
    IReadOnlyList<PartitionOffset> _requested = [];
    long? _last;
    bool _failing; // an error was logged, and no commit succeeded since

    internal void Attach(IGroupBroker broker) => _broker = broker;

    /// <summary>Looks for the answer of the request under way, or sends what waits.</summary>
    internal void Advance(IReadOnlyList<ConsumedPartition> partitions)
    {
        if (_request is not null)
        {
            if (_request.Wait(0) is { } answer)
                Finish(answer, partitions);
        }
        else if (handover.HasPendingCommits
            && (_last is not { } last || _time.GetElapsedTime(last).TotalMilliseconds >= settings.CommitIntervalMs))
        {
            Send(handover.DequeueCommits());
        }
    }

    /// <summary>
    /// Commits now and waits for the answer, at most the commit time-out. Does nothing after
    /// <see cref="IChunkControl.RefuseCommits"/>.
    /// </summary>
    /// <returns>The broker's answer; <see cref="ErrorCode.Local_TimedOut"/> where there was none.</returns>
    internal ErrorCode CommitNow(IReadOnlyList<PartitionOffset> offsets)
    {
        if (offsets.Count == 0 || handover.RefusesCommits)
            return ErrorCode.NoError;
        try
        {
            using var commit = _broker.Commit(offsets);
            var answer = commit.Wait(settings.CommitTimeoutMs) ?? ErrorCode.Local_TimedOut;
            if (answer == ErrorCode.NoError)
                handover.Committed(offsets);
            return answer;
        }
        catch (KafkaException e)
        {
            return e.Error.Code;
        }
    }

    /// <summary>The consumer closes: commits what waits.</summary>
    internal void Finish()
    {
        if (_request is not null)
        {
            if (_request.Wait(settings.CommitTimeoutMs) is { } answer)
                Finish(answer, []);
            _request?.Dispose();
            _request = null;
        }

        var answered = CommitNow(handover.DequeueCommits());
        if (answered != ErrorCode.NoError)
            log.Warning("the last offsets were not committed: {0}; their records will be read again at the next start", answered);
    }

    void Send(List<PartitionOffset> offsets)
    {
        if (offsets.Count == 0)
            return;
        using var span = Profile.Measure(ProfileStage.Commit);
        _last = _time.GetTimestamp();
        _requested = offsets;
        try
        {
            _request = _broker.Commit(offsets);
        }
        catch (KafkaException e)
        {
            Fail(e.Error.Code);
        }
    }

    void Finish(ErrorCode answer, IReadOnlyList<ConsumedPartition> partitions)
    {
        _request?.Dispose();
        _request = null;
        if (answer != ErrorCode.NoError)
        {
            Fail(answer);
            return;
        }

        _failing = false;
        handover.Committed(_requested);
        foreach (var p in partitions)
        {
            // A start offset is committed by now: the partition may begin.
            if (_requested.Any(r => r.Topic == p.Topic && r.Partition == p.Partition && r.Generation == p.Generation))
                p.StartCommitted();
        }
    }

    void Fail(ErrorCode code)
    {
        if (!_failing)
            log.Warning("offsets were not committed: {0}; they are sent again", code);
        _failing = true;

        // In a rebalance: partitions that stay are committed later, and the others are not ours to commit. Any other
        // error passes. So the offsets wait for the next request.
        handover.RequeueCommits(_requested);
    }
}
