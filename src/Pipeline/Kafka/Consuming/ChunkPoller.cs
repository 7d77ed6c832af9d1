using System.Diagnostics;
using Akka.Event;
using AkkaJoin.Pipeline.Kafka.Native;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Shards.Profiling;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>
/// The consumer's thread. In each round it does what the engine asked for, commits, and reads;
/// <see cref="ChunkGatherer"/> makes chunks of what it reads. All of librdkafka's callbacks run on it, within a read,
/// rebalances included: so nothing of a partition changes behind its back. Only the constructor and <see cref="Start"/>
/// are another thread's.
/// </summary>
sealed unsafe class ChunkPoller : IDisposable
{
    /// <summary>
    /// Messages read at a time: enough to spread the cost of a call, few enough to look at the clock each millisecond.
    /// </summary>
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

    NativeConsumer _consumer = null!;
    MessageReader _reader = null!;
    LogSigns _signs = null!;
    ChunkGatherer _gatherer = null!;

    // The partition of the last message: messages of one partition mostly come together. Forgotten with each batch.
    nint _lastTopic;
    int _lastNumber = -1;
    ConsumedPartition? _last;

    bool _pausesMayDiffer; // a partition may have to be paused or resumed

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

    /// <param name="ended">
    /// Called on the thread when the consumer is closed, with the reason where it is not a shutdown.
    /// </param>
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
            _log.Warning(e, "the consumer of consumer group {0} did not close cleanly", _settings.GroupId);
        }

        return failure;
    }

    void Open()
    {
        void Log(string facility, string text) => _log.Debug("{0}: {1}", facility, text);
        _consumer = ClientConfiguration.Build(
            () => new NativeConsumer(_settings.ClientProperties(), _assignment, _errors.OnError, Log), "consumer");
        _signs = new LogSigns(_consumer.Handle, _subscription.Sources);
        _gatherer = new ChunkGatherer(_settings, _handover, _signs);
        _reader = new MessageReader(_consumer.Handle, BatchMax);
        var broker = new ConsumerBroker(_settings, _consumer, _log);
        _committer.Attach(broker);
        _assignment.Attach(broker);
        _handover.AttachConsumer(_reader.Wake);
        _consumer.Subscribe(_subscription.Topics);
    }

    void Round()
    {
        using var span = Profile.Measure(ProfileStage.Consume);
        _assignment.ThrowIfFailed();
        _assignment.ThrowIfOutOfRange();
        _consumer.ThrowIfFailed();
        _errors.ThrowIfFatal();
        DoRequested();
        _committer.Advance(_assignment.Partitions);
        _assignment.TellCommitted();
        if (Read(0, BatchMax) > 0)
            _gatherer.FlushDue(_assignment.Partitions);
        else if (_gatherer.LingerLeftMs(_assignment.Partitions) is > 0 and var ms && !_handover.IsRequested)
            Read(ms, 1);
        else
            Idle();
        if (_handover.IsStopRequested)
            StopReading();
        if (!_gatherer.ClearLacksDemand())
            return;
        _pausesMayDiffer = true;
        _handover.WaitForDemand(_assignment.Partitions, _settings.PausePatienceMs);
    }

    void Idle()
    {
        _gatherer.FlushAll(_assignment.Partitions);
        DoRequested();
        Read(_handover.IsRequested ? 0 : _settings.PollTimeoutMs, 1);
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
                Handle(_reader.Message(done));
                _reader.Free(done);
            }
        }
        finally
        {
            for (; done < count; done++)
                _reader.Free(done);
        }

        // A callback within the read may have brought partitions, which must be paused before the next.
        _pausesMayDiffer |= _assignment.ClearChanged();
        return count;
    }

    void Handle(NativeMessage* message)
    {
        var partition = Find(message);
        if (message->Error == 0)
        {
            if (partition is { IsReading: true })
                _gatherer.Append(partition, message);
            return;
        }

        var code = (ErrorCode)message->Error;
        if (code == ErrorCode.Local_PartitionEOF)
        {
            _errors.OnContact();
            if (partition is { State: ConsumedState.Reading or ConsumedState.Ended })
                _signs.LookAtEnd(partition, message->Offset);
            if (partition is { IsReading: true } && message->Offset >= partition.Position)
                _gatherer.ReachLogEnd(partition, message->Offset);
        }
        else if (code == ErrorCode.Local_AutoOffsetReset && partition is not null)
        {
            // Of a partition that is not read it speaks of an offset that nobody has asked for; the seek will ask
            // again.
            if (partition is { IsReading: true })
                _assignment.OutOfRange(partition);
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

    void StopReading()
    {
        _gatherer.FlushAll(_assignment.Partitions);
        _pausesMayDiffer = true;
        foreach (var partition in _assignment.Partitions)
        {
            partition.StopReading();
            if (partition.IsBlocked)
                return; // the stream has to take chunks first
        }

        _handover.Stopped();
    }

    /// <summary>Does what the engine asked for, and pauses and resumes accordingly.</summary>
    void DoRequested()
    {
        _pausesMayDiffer |= _gatherer.ClearPausesMayDiffer();
        if (!_handover.ClearRequest() && !_pausesMayDiffer)
            return;
        _pausesMayDiffer = false;
        var stopping = _handover.IsStopRequested;
        List<TopicPartition>? pause = null;
        List<TopicPartition>? resume = null;
        foreach (var partition in _assignment.Partitions)
        {
            if (!stopping)
                MoveToTarget(partition);
            var paused = stopping || !partition.IsReading || partition.IsBlocked || _handover.IsOverLimit(partition);
            if (partition.Pause(paused))
                (paused ? pause ??= [] : resume ??= []).Add(new TopicPartition(partition.Topic, partition.Partition));
        }

        if (pause is not null)
            _consumer.Pause(pause);
        if (resume is not null)
            _consumer.Resume(resume);
    }

    void MoveToTarget(ConsumedPartition partition)
    {
        partition.LearnTarget(_handover, Stopwatch.GetTimestamp());
        if (partition.State != ConsumedState.Seeking)
            return;
        if (!partition.TryStartReading(TrySeek))
            _pausesMayDiffer = true; // again in the next round
        else if (partition.Position >= partition.End)
            _gatherer.ReachEnd(partition);
    }

    /// <summary>Always seeks, also where the position should be right: records may have been dropped before.</summary>
    bool TrySeek(ConsumedPartition partition)
    {
        try
        {
            _consumer.Seek(partition.Topic, partition.Partition, partition.RequestedOffset);
            return true;
        }
        catch (KafkaException e) when (e.Error.Code is ErrorCode.Local_State or ErrorCode.Local_TimedOut
            or ErrorCode.Local_UnknownPartition)
        {
            // The partition was assigned a moment ago and librdkafka has not started it yet.
            if (Stopwatch.GetElapsedTime(partition.SeekSince) > SeekPatience)
                throw new KafkaStopException(
                    $"{partition.Topic}/{partition.Partition} cannot be read from offset {partition.RequestedOffset}: {e.Error.Reason}", e);
            return false;
        }
    }
}
