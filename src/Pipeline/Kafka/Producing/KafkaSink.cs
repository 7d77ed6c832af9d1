using Akka;
using Akka.Streams;
using Akka.Streams.Stage;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Profiling;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>
/// Writes the outputs of journal events, and tells the key group that emitted an event once the broker has all of them.
/// A broker that is away is waited for; a record that it refuses for good stops the stage.
/// </summary>
/// <param name="producer">The producer; its owner closes it.</param>
/// <param name="topics">Where outputs go.</param>
/// <param name="settings">The limits.</param>
/// <param name="deliveries">Told of what the broker acknowledged; null where nobody asks.</param>
sealed class KafkaSink(OutputProducer producer, OutputTopics topics, ProducerSettings settings, Deliveries? deliveries = null)
    : GraphStageWithMaterializedValue<SinkShape<OutputEvent>, Task<Done>>
{
    internal Inlet<OutputEvent> In { get; } = new("KafkaSink.in");

    public override SinkShape<OutputEvent> Shape => new(In);

    public override ILogicAndMaterializedValue<Task<Done>> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var done = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
        return new LogicAndMaterializedValue<Task<Done>>(new KafkaSinkLogic(this, producer, topics, settings, deliveries, done), done.Task);
    }

    protected override Attributes InitialAttributes { get; } = Attributes.CreateName("KafkaSink");
}

sealed class KafkaSinkLogic : TimerGraphStageLogic, IInHandler
{
    // The producer's queue is full of records that others may have put there: then no confirmation of ours wakes the
    // stage.
    const string RetryTimer = "retry";
    static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(10);

    readonly KafkaSink _stage;
    readonly OutputProducer _producer;
    readonly OutputTopics _topics;
    readonly ProducerSettings _settings;
    readonly Deliveries? _deliveries;
    readonly TaskCompletionSource<Done> _done;

    Action _advance = null!;
    Action<Exception> _fail = null!;

    // ---- Shared with the producer's thread.
    long _bytes; // of events without confirmation
    int _records; // outputs without confirmation
    int _events;
    int _awake; // 1: a wake-up is on its way

    // ---- The stage alone.
    EventInFlight? _current; // partly with the producer, whose queue is full
    bool _finished;

    internal KafkaSinkLogic(
        KafkaSink stage,
        OutputProducer producer,
        OutputTopics topics,
        ProducerSettings settings,
        Deliveries? deliveries,
        TaskCompletionSource<Done> done)
        : base(stage.Shape)
    {
        _stage = stage;
        _producer = producer;
        _topics = topics;
        _settings = settings;
        _deliveries = deliveries;
        _done = done;
        SetHandler(stage.In, this);
    }

    public override void PreStart()
    {
        SetKeepGoing(true);
        _advance = GetAsyncCallback(Advance);
        _fail = GetAsyncCallback<Exception>(Fail);
        Pull(_stage.In);
    }

    public override void PostStop()
    {
        _current?.GiveUp();
        _done.TrySetException(new KafkaStopException("the output stream was stopped before it was complete"));
    }

    public void OnPush()
    {
        var next = Grab(_stage.In);
        Interlocked.Add(ref _bytes, next.Bytes.Length);
        Interlocked.Increment(ref _events);
        _current = new EventInFlight(next, this);
        Advance();
    }

    public void OnUpstreamFinish()
    {
        _finished = true;
        Advance();
    }

    public void OnUpstreamFailure(Exception e) => Fail(e);

    /// <summary>The join's name.</summary>
    internal string Join => _topics.Join;

    /// <summary>
    /// The producer's thread: the broker has an output. It does not name the offset of one that it got twice.
    /// </summary>
    internal void Acknowledged(string topic, int partition, long offset)
    {
        if (offset >= 0)
            _deliveries?.Reached(topic, partition, offset + 1);
    }

    /// <summary>The producer's thread: the broker has all outputs of an event.</summary>
    internal void Confirmed(EventInFlight confirmed)
    {
        _deliveries?.Confirmed(confirmed.Event.Group);
        Interlocked.Add(ref _bytes, -confirmed.Event.Bytes.Length);
        Interlocked.Add(ref _records, -confirmed.Produced);
        Interlocked.Decrement(ref _events);
        if (Interlocked.Exchange(ref _awake, 1) == 0)
            _advance();
    }

    /// <summary>The producer's thread: the broker refused an output for good.</summary>
    internal void Refused(KafkaStopException reason) => _fail(reason);

    protected override void OnTimer(object timerKey) => Advance();

    void Advance()
    {
        Volatile.Write(ref _awake, 0);
        if (_current is not null && !ProduceRest(_current))
            return;
        if (_finished)
        {
            if (_current is null && Volatile.Read(ref _events) == 0)
                Succeed();
        }
        else if (!HasBeenPulled(_stage.In) && !IsClosed(_stage.In) && HasRoom())
        {
            Pull(_stage.In);
        }
    }

    bool HasRoom() => Interlocked.Read(ref _bytes) < _settings.InFlightBytesMax && Volatile.Read(ref _records) < _settings.Parallelism;

    /// <returns>False where the producer's queue is full, or the stage failed.</returns>
    bool ProduceRest(EventInFlight inFlight)
    {
        using var span = Profile.Measure(ProfileStage.Produce);
        var output = OutputEncoding.Read(inFlight.Event.Bytes.Span);
        while (output.MoveNext())
        {
            if (output.Index < inFlight.Next)
                continue; // was taken before the queue was full
            if (inFlight.Event.Written?.Contains(output.Index) == true)
            {
                inFlight.Skip();
                continue;
            }

            var record = OutputMessages.Create(output, inFlight.Id, inFlight.IdPrefixLength, _topics);
            var topic = _topics.Topic(output.Kind);
            inFlight.BeforeProduce();
            Interlocked.Increment(ref _records);
            if (_producer.TryProduce(topic, record, inFlight) is not { } error)
            {
                inFlight.Sample(output);
                continue;
            }

            inFlight.UndoProduce();
            Interlocked.Decrement(ref _records);
            if (error.Code == ErrorCode.Local_QueueFull)
                ScheduleOnce(RetryTimer, RetryAfter);
            else
                Fail(
                    Refusals.Explain(
                        topic, record.KeyIsNull ? null : record.Key.ToArray(), "a record of event " + inFlight.Event.Sequence, error));
            return false;
        }

        _current = null;
        inFlight.Complete();
        return true;
    }

    void Succeed()
    {
        _done.TrySetResult(Done.Instance);
        CompleteStage();
    }

    void Fail(Exception reason)
    {
        _done.TrySetException(reason);
        FailStage(reason);
    }
}
