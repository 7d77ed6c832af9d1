using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Profiling;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// The send buffers of all key groups. A buffer gathers records, by partition. It sends them as one message when it has
/// many bytes, or when it has lingered and nothing of it is in flight; and only while fewer messages than the limit are
/// in flight. So the busier a key group is, the larger its batches. A message is kept until the group has acknowledged
/// it.
/// <para>
/// Example, linger 20 ms, no message in flight: records come at 1,003 ms and at 1,011 ms, and go out together at 1,020
/// ms. The next ones come at 1,030 ms; the group has not answered yet, so they gather beyond 1,040 ms: until the
/// answer, or until they are <c>batch-bytes-max</c>.
/// </para>
/// <para>
/// Invariants. The batches that are sent of a partition to a key group follow each other without a hole, from the
/// offset at which reading began. No batch covers a dead letter that the broker has not acknowledged. At most
/// <c>group-in-flight-max</c> messages are in flight.
/// </para>
/// </summary>
sealed class SendBuffers
{
    readonly RouterSettings _settings;
    readonly IRouterEffects _effects;
    readonly SendBuffer[] _buffers;
    readonly List<SentBatch> _sent = [];
    long _allSentMs = long.MinValue / 2; // when all buffers were sent since nothing more was there to read
    bool _nothingMore;
    byte[] _message = new byte[65_536];

    internal SendBuffers(RouterSettings settings, IRouterEffects effects)
    {
        _settings = settings;
        _effects = effects;
        _buffers = new SendBuffer[settings.Groups];
        for (var i = 0; i < _buffers.Length; i++)
            _buffers[i] = new SendBuffer(i);
    }

    /// <summary>All of them, by their key groups.</summary>
    internal IReadOnlyList<SendBuffer> All => _buffers;

    /// <summary>Messages sent for the first time.</summary>
    internal long Sent { get; private set; }

    /// <summary>Messages sent again.</summary>
    internal long Resent { get; private set; }

    /// <summary>Bytes of messages that are not acknowledged.</summary>
    internal long BytesInFlight => _buffers.Sum(b => b.InFlight.Sum(m => (long)m.Message.Batches.Length));

    /// <summary>Rises with each acknowledgement; never 0.</summary>
    internal long Stamp { get; private set; } = 1;

    FlowSettings Flow => _settings.Flow;

    /// <summary>The buffer of a key group.</summary>
    internal SendBuffer this[int group] => _buffers[group];

    internal long NextStamp() => ++Stamp;

    /// <summary>Gathers a record.</summary>
    internal void Add(SourcePartition owner, SidePartition side, int group, in NewRecord record, long nowMs)
    {
        var buffer = _buffers[group];
        var cursor = side.Cursors[group];
        var gathered = cursor.Gathered;
        if (buffer.Gathering.Count == 0)
            buffer.GatheringSinceMs = nowMs;
        if (gathered.Count == 0)
        {
            buffer.Gathering.Add((owner, side));
            cursor.FirstGathered = record.Offset;
        }

        var before = gathered.Length;
        gathered.Add(record);
        buffer.GatheredBytes += gathered.Length - before;
    }

    /// <summary>Sends what is due, or, where <paramref name="force"/>, all that may go.</summary>
    internal void Send(long nowMs, bool force)
    {
        foreach (var buffer in _buffers)
        {
            while (IsDue(buffer, nowMs, force) && Send(buffer, nowMs))
            {
            }
        }
    }

    /// <summary>
    /// Everything is read that there was: all buffers are sent, unless they were within the last linger. The broker's
    /// answers come in bursts, and what comes next is a whole wait of the consumer away.
    /// </summary>
    internal void SendAllRead(long nowMs)
    {
        _nothingMore = Flow.IsLingerAdaptive && nowMs - _allSentMs >= Flow.LingerMs;
        if (_nothingMore)
            _allSentMs = nowMs;
        Send(nowMs, force: false);
        _nothingMore = false;
    }

    /// <summary>Sends the messages in flight again, from one of them on.</summary>
    internal void Resend(SendBuffer buffer, int first, long nowMs)
    {
        buffer.ResentAtMs = nowMs;
        for (var i = first; i < buffer.InFlight.Count; i++)
        {
            buffer.InFlight[i].SentAtMs = nowMs;
            _effects.Send(buffer.InFlight[i].Message);
            Resent++;
        }
    }

    /// <summary>The buffers whose oldest message was not answered in time.</summary>
    internal IEnumerable<SendBuffer> Unanswered(long nowMs) =>
        _buffers.Where(buffer => buffer.InFlight.Count > 0 && nowMs - buffer.InFlight[0].SentAtMs >= Flow.ResendAfterMs);

    /// <summary>
    /// Drops the batches of assignments that are over. Such a batch may leave a gap that nothing will fill. Its
    /// message, and what else is in it, would be refused for ever, and nothing but such messages be in flight.
    /// </summary>
    internal void DropEnded()
    {
        foreach (var buffer in _buffers)
        {
            for (var i = 0; i < buffer.InFlight.Count; i++)
                buffer.InFlight[i] = buffer.InFlight[i].WithoutEnded();
            buffer.InFlight.RemoveAll(message => message.IsDone(buffer.Group));
        }
    }

    /// <summary>Drops what is gathered of a partition.</summary>
    internal void Forget(SourcePartition partition)
    {
        foreach (var buffer in _buffers)
            buffer.Gathering.RemoveAll(gathering => gathering.Owner == partition);
    }

    /// <summary>
    /// Whether nothing of a partition is gathered, nor in flight and not acknowledged. For invariants.
    /// </summary>
    internal bool HoldNothingOf(SourcePartition partition) => Array.TrueForAll(_buffers, buffer =>
        !buffer.Gathering.Exists(gathering => gathering.Owner == partition)
        && !buffer.InFlight.Exists(message => Array.Exists(
            message.Batches,
            batch => batch.Owner == partition && batch.Generation == partition.Generation
                && batch.Partition.Cursors[buffer.Group].AcknowledgedOffset < batch.To)));

    bool IsDue(SendBuffer buffer, long nowMs, bool force)
    {
        if (buffer.Gathering.Count == 0 || buffer.InFlight.Count >= Flow.GroupInFlightMax)
            return false;
        if (force || buffer.GatheredBytes >= Flow.BatchBytesMax)
            return true;
        return buffer.InFlight.Count == 0 && (_nothingMore || HasLingered(buffer, nowMs));
    }

    // At whole multiples of the linger, for all buffers of all nodes: what goes out together is journaled in one
    // transaction, and what several routers send to a key group in one event. So a record waits for half of it on
    // average.
    bool HasLingered(SendBuffer buffer, long nowMs) =>
        Flow.LingerMs <= 0 || nowMs / Flow.LingerMs > buffer.GatheringSinceMs / Flow.LingerMs;

    // One message of what is gathered, up to its limit. Returns whether there was anything that may go.
    bool Send(SendBuffer buffer, long nowMs)
    {
        using var span = Profile.Measure(ProfileStage.Batch);
        _sent.Clear();
        var length = 0;
        var kept = 0;
        for (var i = 0; i < buffer.Gathering.Count; i++)
        {
            var gathering = buffer.Gathering[i];
            var isFull = length > 0 && length + gathering.Partition.Cursors[buffer.Group].Gathered.Length > Flow.BatchBytesMax;
            if (gathering.Owner.AwaitsDeadLetters || isFull)
            {
                buffer.Gathering[kept++] = gathering;
                continue;
            }

            length = Append(gathering.Owner, gathering.Partition, buffer.Group, length);
        }

        buffer.Gathering.RemoveRange(kept, buffer.Gathering.Count - kept);
        buffer.GatheredBytes = buffer.Gathering.Sum(gathering => (long)gathering.Partition.Cursors[buffer.Group].Gathered.Length);
        if (_sent.Count == 0)
            return false;
        var message = new SentMessage(new Deliver(buffer.Group, _message.AsSpan(0, length).ToArray()), [.. _sent]) { SentAtMs = nowMs };
        buffer.InFlight.Add(message);
        Invariant.Holds(buffer.InFlight.Count <= Flow.GroupInFlightMax, "at most group-in-flight-max messages are in flight");
        buffer.GatheringSinceMs = nowMs;
        Sent++;
        _effects.Send(message.Message);
        return true;
    }

    int Append(SourcePartition owner, SidePartition side, int group, int length)
    {
        var cursor = side.Cursors[group];
        var to = owner.Position;
        var watermark = side.Watermark(_settings.MaxOutOfOrdernessMs);
        var bytes = cursor.Gathered.End(
            side.Id.Side, side.Id.Source, side.Id.Partition, side.PartitionCount, to,
            watermark == SideWatermarks.None ? BatchHeader.NoWatermark : watermark, owner.Generation);
        Invariant.Holds(!owner.AwaitsDeadLetters, "no batch covers a dead letter that the broker has not acknowledged");
        Invariant.Holds(
            BatchHeader.Read(bytes).From == cursor.NextFrom && cursor.NextFrom >= owner.BeganAt
                && cursor.FirstGathered >= cursor.NextFrom && to > cursor.FirstGathered,
            "the batches of a partition and a key group follow each other without a hole");
        if (length + bytes.Length > _message.Length)
            Array.Resize(ref _message, Math.Max(_message.Length * 2, length + bytes.Length));
        bytes.CopyTo(_message.AsSpan(length));
        _sent.Add(new SentBatch(owner, side, owner.Generation, cursor.NextFrom, to));
        cursor.Sent(to);
        return length + bytes.Length;
    }
}
