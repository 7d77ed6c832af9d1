using System.Diagnostics;
using Akka.Event;
using AkkaJoin.Pipeline.Kafka.Native;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Shards.Profiling;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>
/// The consumer's thread: reads, gathers chunks, pauses and resumes, commits. All of librdkafka's callbacks run on it, within a read. Only
/// the constructor and <see cref="Start"/> are another thread's.
/// </summary>
sealed unsafe class ChunkPoller : IDisposable
{
    /// <summary>Messages read at a time: enough to spread the cost of a call, few enough to look at the clock each millisecond.</summary>
    const int BatchMax = 1_000;

    /// <summary>How long librdkafka may answer that a partition cannot seek yet.</summary>
    static readonly TimeSpan SeekPatience = TimeSpan.FromSeconds(30);

    readonly ConsumerSettings _settings;
    readonly AutoSubscription _subscription;
    readonly ChunkHandover _handover;
    readonly ILoggingAdapter _log;
    readonly Assignment _assignment;
    readonly OffsetCommitter _committer;
    readonly BrokerErrors _errors;

    IConsumer<Ignore, Ignore> _consumer = null!;
    MessageReader _reader = null!;
    LogSigns _signs = null!;

    // The partition of the last message: messages of one partition mostly come together. Forgotten with each batch.
    nint _lastTopic;
    int _lastNumber = -1;
    ConsumedPartition? _last;

    bool _heldBack;
    bool _toggle; // a partition may have to be paused or resumed

    internal ChunkPoller(
        ConsumerSettings settings,
        AutoSubscription subscription,
        IAssignmentListener listener,
        ChunkHandover handover,
        ILoggingAdapter log)
    {
        _settings = settings;
        _subscription = subscription;
        _handover = handover;
        _log = log;
        _errors = new BrokerErrors(log);
        _committer = new OffsetCommitter(settings, handover, log);
        _assignment = new Assignment(settings, subscription, listener, handover, _committer, log);
    }

    /// <param name="ended">Called on the thread when the consumer is closed, with the reason where it is not a shutdown.</param>
    internal void Start(Action<Exception?> ended)
    {
        var thread = new Thread(() => ended(Run())) { IsBackground = true, Name = "akkajoin-consumer-" + _settings.GroupId };
        thread.Start();
    }

    /// <summary>Commits what waits and closes the consumer; the thread does that itself.</summary>
    public void Dispose()
    {
        if (_consumer is null)
            return;
        _committer.Finish();
        _handover.AttachConsumer(static () => { });
        _reader?.Dispose();
        _assignment.Closing();
        _consumer.Close();
        _assignment.Dispose();
        _consumer.Dispose();
    }

    Exception? Run()
    {
        Exception? failure = null;
        try
        {
            Open();
            while (!_handover.IsShutdownRequested)
                Round();
        }
        catch (Exception e)
        {
            failure = e;
        }

        try
        {
            Dispose();
        }
        catch (Exception e)
        {
            _log.Warning(e, "the consumer of group {0} did not close cleanly", _settings.GroupId);
        }

        return failure;
    }

    void Open()
    {
        var builder = new ConsumerBuilder<Ignore, Ignore>(_settings.ClientProperties())
            .SetErrorHandler((_, e) => _errors.OnError(e))
            .SetLogHandler((_, m) => _log.Debug("{0}: {1}", m.Facility, m.Message))
            .SetPartitionsAssignedHandler((_, partitions) => _assignment.OnAssigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => _assignment.OnRevoked(partitions))
            .SetPartitionsLostHandler((_, partitions) => _assignment.OnLost(partitions));
        _consumer = ClientConfiguration.Build(builder.Build, "consumer");
        var handle = MessageReader.HandleOf(_consumer);
        _signs = new LogSigns(handle, _subscription.Sources);
        _reader = new MessageReader(handle, BatchMax);
        var broker = new ConsumerBroker(_settings, _consumer, handle, _log);
        _committer.Attach(broker);
        _assignment.Attach(broker);
        _handover.AttachConsumer(_reader.Wake);
        _consumer.Subscribe(_subscription.Topics);
    }

    void Round()
    {
        using var span = Profile.Measure(ProfileStage.Consume);
        _assignment.ThrowIfFailed();
        _errors.ThrowIfFatal();
        Answer();
        _committer.Advance(_assignment.Partitions);
        _assignment.TellCommitted();
        if (Read(0, BatchMax) > 0)
            FlushDue();
        else if (LingersMs() is > 0 and var ms)
            Read(ms, 1);
        else
            Idle();
        if (_handover.IsStopRequested)
            StopReading();
        if (!_heldBack)
            return;
        _heldBack = false;
        _toggle = true;
        _handover.WaitForCredit(_assignment.Partitions, _settings.PausePatienceMs);
    }

    void Idle()
    {
        FlushAll();
        Answer();
        Read(_handover.IsAsked ? 0 : _settings.PollTimeoutMs, 1);
    }

    // An answer of the broker comes in pieces, partition by partition: a moment's patience makes one burst of it.
    int LingersMs()
    {
        var oldest = long.MaxValue;
        foreach (var partition in _assignment.Partitions)
        {
            if (partition is { Stuck: false, Open.Count: > 0 })
                oldest = Math.Min(oldest, partition.Open.Since);
        }

        return oldest == long.MaxValue || _handover.IsAsked ? 0 : _settings.ChunkLingerMs - (int)Stopwatch.GetElapsedTime(oldest).TotalMilliseconds;
    }

    int Read(int timeoutMs, int max)
    {
        var count = _reader.Read(timeoutMs, max);
        _last = null;
        _lastTopic = 0;
        var done = 0;
        try
        {
            for (; done < count; done++)
            {
                Take(_reader.Message(done));
                _reader.Free(done);
            }
        }
        finally
        {
            for (; done < count; done++)
                _reader.Free(done);
        }

        // A callback within the read may have brought partitions, which must be paused before the next.
        _toggle |= _assignment.TakeChanged();
        return count;
    }

    void Take(NativeMessage* message)
    {
        var partition = Find(message);
        if (message->Error == 0)
        {
            if (partition is { Reading: true, EndReached: false })
                Append(partition, message);
            return;
        }

        var code = (ErrorCode)message->Error;
        if (code == ErrorCode.Local_PartitionEOF)
        {
            _errors.OnContact();
            if (partition is { Reading: true })
                _signs.LookAtEnd(partition, message->Offset);
            if (partition is { Reading: true, EndReached: false } && message->Offset >= partition.Position)
                ReachLogEnd(partition, message->Offset);
        }
        else if (code == ErrorCode.Local_AutoOffsetReset && partition is not null)
        {
            // Before Begin it speaks of an offset that nobody has asked for yet; the seek will ask again.
            if (partition is { Reading: true, EndReached: false })
                _assignment.ThrowOutOfRange(partition);
        }
        else
        {
            _signs.LookAtError(code);
            _errors.OnConsumeError(code, message, partition);
        }
    }

    ConsumedPartition? Find(NativeMessage* message)
    {
        if (message->Topic == _lastTopic && message->Partition == _lastNumber && _lastTopic != 0)
            return _last;
        _lastTopic = message->Topic;
        _lastNumber = message->Partition;
        return _last = _assignment.Find(message);
    }

    void Append(ConsumedPartition partition, NativeMessage* message)
    {
        if (message->Offset < partition.Position)
            return; // read again after a seek
        if (message->Offset >= partition.End)
        {
            ReachEnd(partition);
            return;
        }

        if (partition.Open.IsTooFullFor(message))
            Flush(partition);
        if (partition.Open.Count == 0)
            _signs.LookAtEpoch(partition, message); // once for each chunk is enough to see
        partition.Open.Append(message);
        partition.Position = message->Offset + 1;
        partition.AtEnd = false;
        partition.EndTold = false;
        if (partition.Position >= partition.End)
            ReachEnd(partition);
        else if (partition.Open.IsFull)
            Flush(partition);
    }

    void ReachLogEnd(ConsumedPartition partition, long offset)
    {
        if (offset >= partition.End)
        {
            ReachEnd(partition);
            return;
        }

        if (offset != partition.Position || !partition.EndTold)
            partition.ReachLogEnd(offset, Stopwatch.GetTimestamp()); // told with what else was read
    }

    /// <summary>The bounded end: what lies at or above it belongs to the next run, so the position is the end itself.</summary>
    void ReachEnd(ConsumedPartition partition)
    {
        partition.Position = Math.Max(partition.Open.From, partition.End);
        partition.EndReached = true;
        partition.AtEnd = true;
        _toggle = true;
        Flush(partition);
    }

    void Flush(ConsumedPartition partition, bool isLast = false)
    {
        var open = partition.Open;
        if (!partition.HasNews)
            return;
        if (!_handover.HasRoom)
        {
            partition.Stuck = true;
            _heldBack = true;
            return;
        }

        var logEnd = _signs.LogEnd(partition);
        // An end is told in so many words only where an answer holds nothing of the partition. A bounded run has an end of its own, which the last answer may not know yet.
        var atEnd = partition.AtEnd || (partition.End == long.MaxValue && logEnd >= 0 && partition.Position >= logEnd);
        var result = _handover.Offer(partition, open.Take(partition, partition.Position, atEnd, logEnd, isLast));
        _heldBack |= result == HandedOver.AddedOverLimit;
        partition.EndTold = atEnd;
        if (partition.Stuck)
        {
            partition.Stuck = false;
            _toggle = true;
        }
    }

    void FlushAll()
    {
        ConsumedPartition? last = null;
        foreach (var partition in _assignment.Partitions)
        {
            if (!partition.HasNews)
                continue;
            if (last is not null)
                Flush(last);
            last = partition;
        }

        if (last is not null)
            Flush(last, isLast: true);
    }

    void FlushDue()
    {
        var now = Stopwatch.GetTimestamp();
        var linger = _settings.ChunkLingerMs * Stopwatch.Frequency / 1_000;
        foreach (var partition in _assignment.Partitions)
        {
            if (partition.Stuck || (partition.HasNews && now - partition.NewsSince >= linger))
                Flush(partition);
        }
    }

    void StopReading()
    {
        FlushAll();
        _toggle = true;
        foreach (var partition in _assignment.Partitions)
        {
            partition.Reading = false;
            if (partition.Stuck)
                return; // the stream has to take chunks first
        }

        _handover.Stopped();
    }

    /// <summary>Does what the engine asked for, and pauses and resumes accordingly.</summary>
    void Answer()
    {
        if (!_handover.TakeAsked() && !_toggle)
            return;
        _toggle = false;
        var stopping = _handover.IsStopRequested;
        List<TopicPartition>? pause = null;
        List<TopicPartition>? resume = null;
        foreach (var partition in _assignment.Partitions)
        {
            if (!stopping)
                Move(partition);
            var paused = stopping || !partition.Reading || partition.EndReached || partition.Stuck || _handover.IsOverLimit(partition);
            if (paused == partition.Paused)
                continue;
            partition.Paused = paused;
            (paused ? pause ??= [] : resume ??= []).Add(new TopicPartition(partition.Topic, partition.Partition));
        }

        if (pause is not null)
            _consumer.Pause(pause);
        if (resume is not null)
            _consumer.Resume(resume);
    }

    void Move(ConsumedPartition partition)
    {
        partition.LearnTarget(_handover, Stopwatch.GetTimestamp());
        if (partition.SeekTo < 0)
            return;
        if (!partition.TryBegin(TrySeek))
            _toggle = true; // again in the next round
        else if (partition.Position >= partition.End)
            ReachEnd(partition);
    }

    /// <summary>Always seeks, also where the position should be right: records may have been dropped before Begin.</summary>
    bool TrySeek(ConsumedPartition partition)
    {
        try
        {
            _consumer.Seek(new TopicPartitionOffset(partition.Topic, partition.Partition, partition.SeekTo));
            return true;
        }
        catch (KafkaException e) when (e.Error.Code is ErrorCode.Local_State or ErrorCode.Local_TimedOut or ErrorCode.Local_UnknownPartition)
        {
            // The partition was assigned a moment ago and librdkafka has not started it yet.
            if (Stopwatch.GetElapsedTime(partition.SeekSince) > SeekPatience)
                throw new KafkaStopException(
                    $"{partition.Topic}/{partition.Partition} cannot be read from offset {partition.SeekTo}: {e.Error.Reason}", e);
            return false;
        }
    }
}
