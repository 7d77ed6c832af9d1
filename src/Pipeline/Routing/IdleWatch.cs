using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Finds the partitions that are idle, and claims so to the key groups. A partition is idle when all key groups have
/// acknowledged everything of it, there is nothing left to read, and for <c>idle.timeout</c> no record came that could
/// move its time. The silence is counted anew whenever the partition becomes readable again.
/// <para>
/// Whether something is left to read is asked of the brokers, and the join's clock is read before: what was written
/// before the clock said so is in the log's end. The end is the high watermark, so a transaction that is open is no
/// silence. The silence must have lasted for the time-out when the clock was read. The broker's answer may take
/// longer, and that time does not count. A partition whose leader does not answer is not idle, and its silence is
/// counted from the answer on.
/// </para>
/// <para>
/// Example, <c>idle.timeout</c> 60 s: the last record, at offset 41, came at 12:00:00 and was acknowledged at 12:00:01.
/// At 12:01:00 the clock is read, and the broker asked. It says 42: the claim is (42, 12:01:00). At 12:01:01 it is
/// asked again.
/// </para>
/// </summary>
sealed class IdleWatch(RouterSettings settings, PartitionTable partitions, TickSender ticks, IRouterEffects effects)
{
    /// <summary>
    /// The end of a log that is none: a source of the application gives records as they come, and has nothing left that
    /// was not read.
    /// </summary>
    internal const long NoLog = long.MaxValue;

    const int AskEveryMsMax = 1_000;

    bool _isAsking;
    long _askedMs = long.MinValue / 2;

    // A short time-out needs answers more often.
    long AskEveryMs =>
        Math.Max(settings.Flow.TickIntervalMs, Math.Min(settings.IdleTimeoutMs / 4, AskEveryMsMax));

    bool IsOn => settings.Idle != IdlePolicy.Wait && settings.FormatVersion() >= FormatVersions.JoinTime;

    TickKind Kind => settings.Idle == IdlePolicy.Exclude ? TickKind.IdleExclude : TickKind.IdleWallClock;

    /// <summary>Time passed: asks the brokers about the partitions that may be idle.</summary>
    internal void Look(long nowMs)
    {
        if (!IsOn)
            return;
        foreach (var partition in partitions.All)
        {
            if (!partition.IsReadable && partition.PausedBy != PauseReason.DeadLetters)
                partition.HeardNothingUntil(nowMs);
        }

        if (_isAsking || nowMs - _askedMs < AskEveryMs)
            return;
        var silent = new List<TopicPartitionGeneration>();
        foreach (var partition in partitions.All)
        {
            if (IsSilent(partition, nowMs))
                silent.Add(new TopicPartitionGeneration(partition.Topic, partition.Partition, partition.Generation));
        }

        if (silent.Count == 0)
            return;
        (_isAsking, _askedMs) = (true, nowMs);
        effects.AskLogEnds(silent, effects.ClockMs);
    }

    /// <summary>The brokers said where the logs end.</summary>
    /// <inheritdoc cref="Router.LogEndsAnswered"/>
    internal void Answered(
        IReadOnlyList<TopicPartitionGeneration> asked,
        IReadOnlyDictionary<(string Topic, int Partition), long> ends,
        long clockMs,
        long nowMs)
    {
        _isAsking = false;
        if (!IsOn)
            return;
        var claims = new List<Tick>();
        foreach (var id in asked)
        {
            if (partitions.Find(id.Topic, id.Partition, id.Generation) is not { } partition)
                continue;
            if (!ends.TryGetValue((id.Topic, id.Partition), out var end))
                partition.HeardNothingUntil(nowMs);
            else if ((end == partition.Position || end == NoLog) && IsSilent(partition, _askedMs))
                AddClaims(claims, partition, clockMs, nowMs);
        }

        ticks.SendClaims([.. claims]);
    }

    void AddClaims(List<Tick> claims, SourcePartition partition, long clockMs, long nowMs)
    {
        foreach (var side in partition.Sides)
        {
            if (!IsSilent(side, _askedMs))
                continue;
            side.IdleSinceMs ??= nowMs;
            claims.Add(side.Claim(partition.BeganAt, partition.Generation, Kind, clockMs));
        }
    }

    bool IsSilent(SourcePartition partition, long nowMs) =>
        partition.IsReadable && Array.Exists(partition.Sides, side => IsSilent(side, nowMs))
            && partition.AcknowledgedOffset() >= partition.Position;

    // A jump that waits is a record that has not moved time yet: until it has, the partition is not without news.
    bool IsSilent(SidePartition side, long nowMs) =>
        nowMs - side.SilentSinceMs >= settings.IdleTimeoutMs && side.WaitingJump is null;
}
