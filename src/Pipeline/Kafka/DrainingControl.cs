namespace AkkaJoin.Pipeline.Kafka;

/// <summary>A control together with the completion of the stream it feeds; the shape of Akka.Streams.Kafka.</summary>
public sealed class DrainingControl<T> : IControl
{
    readonly IControl _control;

    DrainingControl(IControl control, Task<T> streamCompletion)
    {
        _control = control;
        StreamCompletion = streamCompletion;
    }

    /// <summary>What the stream materialized at its end.</summary>
    public Task<T> StreamCompletion { get; }

    /// <inheritdoc/>
    public Task IsShutdown => _control.IsShutdown;

    /// <inheritdoc/>
    public Task Stop() => _control.Stop();

    /// <inheritdoc/>
    public Task Shutdown() => _control.Shutdown();

    /// <summary>Stops reading, waits for the stream to end and closes the consumer.</summary>
    public Task<T> DrainAndShutdown() => _control.DrainAndShutdown(StreamCompletion);

#pragma warning disable CA1000 // the shape of Akka.Streams.Kafka
    /// <summary>Joins the two.</summary>
    public static DrainingControl<T> Create(IControl control, Task<T> streamCompletion) => new(control, streamCompletion);

    /// <summary>Joins the two; fits <c>Keep.Both</c>.</summary>
    public static DrainingControl<T> Create((IControl Control, Task<T> StreamCompletion) pair) => new(pair.Control, pair.StreamCompletion);
#pragma warning restore CA1000
}
