using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;
using AkkaJoin.Pipeline.Kafka;

namespace AkkaJoin.Pipeline.Sources;

/// <summary>
/// Emits the records of an application's sources in chunks, as <see cref="Kafka.Consuming.KafkaSource"/> emits those of
/// Kafka. A partition is read once the engine says from where, and no further while it has too many bytes in flight.
/// </summary>
/// <param name="inputs">What is read.</param>
/// <param name="inFlightBytesMax">A partition with more bytes in flight is not read on.</param>
/// <param name="listener">Told of the partitions.</param>
sealed class RecordSourceStage(ApplicationInputs inputs, long inFlightBytesMax, IAssignmentListener listener)
    : GraphStageWithMaterializedValue<SourceShape<RecordChunk>, IChunkControl>
{
    internal Outlet<RecordChunk> Out { get; } = new("RecordSource.out");

    public override SourceShape<RecordChunk> Shape => new(Out);

    internal ApplicationInputs Inputs => inputs;

    internal long InFlightBytesMax => inFlightBytesMax;

    internal IAssignmentListener Listener => listener;

    public override ILogicAndMaterializedValue<IChunkControl> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var control = new RecordSourceControl();
        return new LogicAndMaterializedValue<IChunkControl>(new RecordSourceLogic(this, control), control);
    }

    protected override Attributes InitialAttributes { get; } = Attributes.CreateName("RecordSource");
}

sealed class RecordSourceLogic : TimerGraphStageLogic
{
    const string Timer = "linger";
    const int ChunkBytesMax = 65_536;
    static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);

    readonly RecordSourceStage _stage;
    readonly RecordSourceControl _control;
    readonly Dictionary<(string Topic, int Partition), SourceReading> _readings = [];
    readonly Queue<RecordChunk> _chunks = new();
    bool _isTimed;
    bool _isStopped;

    internal RecordSourceLogic(RecordSourceStage stage, RecordSourceControl control)
        : base(stage.Shape)
    {
        _stage = stage;
        _control = control;

        // Unlike the default the stage stays until it is shut down.
        SetHandler(stage.Out, onPull: PushNext, onDownstreamFinish: _ => Shutdown());
    }

    public override void PreStart()
    {
        SetKeepGoing(true);
        foreach (var source in _stage.Inputs.Sources)
        {
            for (var partition = 0; partition < source.Partitions; partition++)
                _readings.Add((source.Topic, partition), new SourceReading(source, partition));
        }

        var starts = _readings.Keys.Select(id => _stage.Inputs.Start(id.Topic, id.Partition, _control.Add(id.Topic, id.Partition)));
        _stage.Listener.Assigned([.. starts]);
        _control.Attach(GetAsyncCallback(() => _control.Run(this)));
    }

    public override void PostStop() => _control.CompleteShutdown();

    /// <summary>Reads a partition from an offset on, again where it was read before.</summary>
    internal void Read(string topic, int partition, int generation, long offset)
    {
        if (_isStopped)
            return;
        var reading = _readings[(topic, partition)];
        reading.Begin(generation, offset);
        var inlet = new SubSinkInlet<OffsetRecord>(this, $"{topic}/{partition}");
        inlet.SetHandler(new LambdaInHandler(
            onPush: () => Arrive(reading, inlet),
            onUpstreamFinish: static () => { },
            onUpstreamFailure: e =>
            {
                if (reading.Generation == generation)
                    Fail(reading, e);
            }));
        reading.Cancel = () =>
        {
            if (!inlet.IsClosed)
                inlet.Cancel();
        };
        reading.Pull = () =>
        {
            if (!inlet.IsClosed && !inlet.HasBeenPulled)
                inlet.Pull();
        };
        reading.Pull();
        try
        {
            reading.Source.Read(partition, offset).RunWith(inlet.Sink, SubFusingMaterializer);
        }
        catch (Exception e)
        {
            Fail(reading, e);
        }

        StartTimer();
    }

    /// <summary>Bytes of a partition are acknowledged.</summary>
    internal void ReduceInFlight(string topic, int partition, int generation, long bytes)
    {
        var reading = _readings[(topic, partition)];
        if (reading.Generation != generation)
            return;
        reading.InFlightBytes = Math.Max(0, reading.InFlightBytes - bytes);
        if (!reading.IsPaused || reading.InFlightBytes >= _stage.InFlightBytesMax / 2)
            return;
        reading.IsPaused = false;
        reading.Pull();
        StartTimer();
    }

    /// <summary>Reads no more, and completes the stream after what was read.</summary>
    internal void Stop()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        foreach (var reading in _readings.Values)
        {
            reading.Cancel?.Invoke();
            if (reading.IsOpen)
                _chunks.Enqueue(reading.Build(atEnd: false, isLast: false));
        }

        PushNext();
    }

    /// <summary>Ends.</summary>
    internal void Shutdown()
    {
        Stop();
        CompleteStage();
    }

    // Records that came together leave together. Where none came for a while the join is told that there are none.
    protected override void OnTimer(object timerKey)
    {
        _isTimed = false;
        if (_isStopped)
            return;
        SourceReading? last = null;
        var isBusy = false;
        foreach (var reading in _readings.Values.Where(reading => reading.Cancel is not null && !reading.IsPaused))
        {
            isBusy |= reading.HasArrived;
            if (!reading.IsOpen && (reading.HasArrived || reading.IsEndTold))
            {
                reading.HasArrived = false;
                continue;
            }

            if (last is not null)
                Flush(last, isLast: false);
            last = reading;
        }

        if (last is not null)
            Flush(last, isLast: true);
        if (isBusy)
            StartTimer();
    }

    void Arrive(SourceReading reading, SubSinkInlet<OffsetRecord> inlet)
    {
        var record = inlet.Grab();
        if (reading.Append(record))
        {
            StartTimer();
            if (reading.OpenBytes >= ChunkBytesMax)
                Emit(reading.Build(atEnd: false, isLast: false));
        }

        if (reading.InFlightBytes + reading.OpenBytes < _stage.InFlightBytesMax)
        {
            inlet.Pull();
            return;
        }

        // The engine lets it read on when it has what is here.
        reading.IsPaused = true;
        if (reading.IsOpen)
            Emit(reading.Build(atEnd: false, isLast: true));
    }

    void Flush(SourceReading reading, bool isLast)
    {
        reading.IsEndTold = !reading.HasArrived;
        reading.HasArrived = false;
        Emit(reading.Build(atEnd: reading.IsEndTold, isLast));
    }

    void Emit(RecordChunk chunk)
    {
        _chunks.Enqueue(chunk);
        PushNext();
    }

    void PushNext()
    {
        if (IsClosed(_stage.Out))
            return;
        while (IsAvailable(_stage.Out) && _chunks.TryDequeue(out var chunk))
        {
            if (_readings[(chunk.Topic, chunk.Partition)].Generation == chunk.Generation)
                Push(_stage.Out, chunk);
        }

        if (!_isStopped || _chunks.Count > 0)
            return;
        Complete(_stage.Out);
        _control.CompleteStop();
    }

    void StartTimer()
    {
        if (_isTimed)
            return;
        _isTimed = true;
        ScheduleOnce(Timer, Linger);
    }

    void Fail(SourceReading reading, Exception e) => FailStage(
        e as UserException ?? new UserException($"the source '{reading.Topic}', partition {reading.Partition}, failed: {e.Message}", 1, e));
}
