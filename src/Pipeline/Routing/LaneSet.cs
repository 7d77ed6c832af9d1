using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Profiling;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// The lanes to all key groups: what is open gathers, goes out as one message when it is large or has lingered and not too much is on its
/// way, and is held until it is acknowledged.
/// </summary>
sealed class LaneSet
{
    readonly RouterSettings _settings;
    readonly IRouterEffects _effects;
    readonly GroupLane[] _lanes;
    readonly List<SentBatch> _sent = [];
    long _sentReadMs = long.MinValue / 2; // when all lanes went out since nothing more was there
    bool _nothingMore;
    byte[] _message = new byte[65_536];

    internal LaneSet(RouterSettings settings, IRouterEffects effects)
    {
        _settings = settings;
        _effects = effects;
        _lanes = new GroupLane[settings.Groups];
        for (var i = 0; i < _lanes.Length; i++)
            _lanes[i] = new GroupLane(i);
    }

    /// <summary>Messages sent for the first time.</summary>
    internal long Sent { get; private set; }

    /// <summary>Messages sent again.</summary>
    internal long Resent { get; private set; }

    /// <summary>Bytes of messages that are not acknowledged.</summary>
    internal long BytesInFlight => _lanes.Sum(l => l.InFlight.Sum(m => (long)m.Message.Batches.Length));

    FlowSettings Flow => _settings.Flow;

    /// <summary>The lane to a key group.</summary>
    internal GroupLane this[int group] => _lanes[group];

    /// <summary>Takes a record into the open batch of its partition and key group.</summary>
    internal void Add(SourcePartition owner, SidePartition side, int group, in NewRecord record, long nowMs)
    {
        var lane = _lanes[group];
        var builder = side.Cursors[group].Builder;
        if (lane.Open.Count == 0)
            lane.OpenSinceMs = nowMs;
        if (builder.Count == 0)
            lane.Open.Add((owner, side));
        var before = builder.Length;
        builder.Add(record);
        lane.OpenBytes += builder.Length - before;
    }

    /// <summary>All of them, by their groups.</summary>
    internal IReadOnlyList<GroupLane> All => _lanes;

    /// <summary>Rises with each acknowledgement; never 0.</summary>
    internal long Stamp { get; private set; } = 1;

    internal long NextStamp() => ++Stamp;

    /// <summary>Sends what is due, or, where <paramref name="force"/>, all that may go.</summary>
    internal void Send(long nowMs, bool force)
    {
        foreach (var lane in _lanes)
        {
            while (IsDue(lane, nowMs, force) && Send(lane, nowMs))
            {
            }
        }
    }

    /// <summary>
    /// Everything is read that there was: all lanes go out, unless they did so within the last linger. The broker's answers come in bursts, and what comes next is a
    /// whole wait of the consumer away.
    /// </summary>
    internal void SendRead(long nowMs)
    {
        _nothingMore = Flow.IsLingerAdaptive && nowMs - _sentReadMs >= Flow.LingerMs;
        if (_nothingMore)
            _sentReadMs = nowMs;
        Send(nowMs, force: false);
        _nothingMore = false;
    }

    /// <summary>Sends again what is held from a message on.</summary>
    internal void Resend(GroupLane lane, int first, long nowMs)
    {
        lane.ResentAtMs = nowMs;
        for (var i = first; i < lane.InFlight.Count; i++)
        {
            lane.InFlight[i].SentAtMs = nowMs;
            _effects.Send(lane.InFlight[i].Message);
            Resent++;
        }
    }

    /// <summary>The lanes whose oldest message was not answered in time.</summary>
    internal IEnumerable<GroupLane> Unanswered(long nowMs) =>
        _lanes.Where(lane => lane.InFlight.Count > 0 && nowMs - lane.InFlight[0].SentAtMs >= Flow.ResendAfterMs);

    /// <summary>
    /// Drops the batches of assignments that are over. One may leave a gap that nothing will fill; its message, and what else is in it, would
    /// be refused for ever, and the lane be full of such.
    /// </summary>
    internal void DropEnded()
    {
        foreach (var lane in _lanes)
        {
            for (var i = 0; i < lane.InFlight.Count; i++)
                lane.InFlight[i] = lane.InFlight[i].WithoutEnded();
            lane.InFlight.RemoveAll(message => message.IsDone(lane.Group));
        }
    }

    /// <summary>Drops what a partition has gathered.</summary>
    internal void Forget(SourcePartition partition)
    {
        foreach (var lane in _lanes)
            lane.Open.RemoveAll(open => open.Owner == partition);
    }

    bool IsDue(GroupLane lane, long nowMs, bool force)
    {
        if (lane.Open.Count == 0 || lane.InFlight.Count >= Flow.GroupInFlightMax)
            return false;
        if (force || lane.OpenBytes >= Flow.BatchBytesMax)
            return true;
        return lane.InFlight.Count == 0 && (_nothingMore || HasLingered(lane, nowMs));
    }

    // At whole multiples of the linger, for all lanes of all nodes: what goes out together is journaled in one transaction, and what several routers send to a
    // key group in one event. So a record waits for half of it on average.
    bool HasLingered(GroupLane lane, long nowMs) => Flow.LingerMs <= 0 || nowMs / Flow.LingerMs > lane.OpenSinceMs / Flow.LingerMs;

    // One message of what is open, up to its limit. Returns whether there was anything that may go.
    bool Send(GroupLane lane, long nowMs)
    {
        using var span = Profile.Measure(ProfileStage.Batch);
        _sent.Clear();
        var length = 0;
        var kept = 0;
        for (var i = 0; i < lane.Open.Count; i++)
        {
            var open = lane.Open[i];
            var isFull = length > 0 && length + open.Partition.Cursors[lane.Group].Builder.Length > Flow.BatchBytesMax;
            if (open.Owner.AwaitsDeadLetters || isFull)
            {
                lane.Open[kept++] = open;
                continue;
            }

            length = Append(open.Owner, open.Partition, lane.Group, length);
        }

        lane.Open.RemoveRange(kept, lane.Open.Count - kept);
        lane.OpenBytes = lane.Open.Sum(open => (long)open.Partition.Cursors[lane.Group].Builder.Length);
        if (_sent.Count == 0)
            return false;
        var message = new SentMessage(new Deliver(lane.Group, _message.AsSpan(0, length).ToArray()), [.. _sent]) { SentAtMs = nowMs };
        lane.InFlight.Add(message);
        lane.OpenSinceMs = nowMs;
        Sent++;
        _effects.Send(message.Message);
        return true;
    }

    int Append(SourcePartition owner, SidePartition side, int group, int length)
    {
        var cursor = side.Cursors[group];
        var to = owner.Position;
        var watermark = side.Watermark(_settings.MaxOutOfOrdernessMs);
        var bytes = cursor.Builder.End(
            side.Id.Side, side.Id.Source, side.Id.Partition, side.PartitionCount, to,
            watermark == SideWatermarks.None ? BatchHeader.NoWatermark : watermark, owner.Generation);
        if (length + bytes.Length > _message.Length)
            Array.Resize(ref _message, Math.Max(_message.Length * 2, length + bytes.Length));
        bytes.CopyTo(_message.AsSpan(length));
        _sent.Add(new SentBatch(owner, side, owner.Generation, cursor.NextFrom, to));

        // What the group said to have before need not be answered: where the answer is lost, nothing would ask for it again.
        if (to > cursor.Covered)
            cursor.Outstanding.Enqueue(to);
        cursor.NextFrom = to;
        cursor.Builder.Begin(to);
        return length + bytes.Length;
    }
}
