using Akka.Event;
using AkkaJoin.Pipeline.Kafka.Native;
using AkkaJoin.Pipeline.Kafka.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>
/// The idempotent producer that rows, late records and dead letters share. Whoever makes it disposes it, after the
/// streams that use it and not on a dispatcher's thread: it waits for records on their way. Thread safe.
/// </summary>
sealed class OutputProducer : IDisposable
{
    readonly NativeProducer _producer;
    readonly int _flushTimeoutMs;

    internal OutputProducer(ProducerSettings settings, ILoggingAdapter log)
    {
        _flushTimeoutMs = settings.FlushTimeoutMs;
        _producer = ClientConfiguration.Build(
            () =>
                new NativeProducer(
                    settings.ClientProperties(), e => OnError(e, log), (facility, text) => log.Debug("{0}: {1}", facility, text)),
            "producer");
    }

    /// <summary>
    /// Puts a record into the producer's queue.
    /// </summary>
    /// <param name="topic">Where to.</param>
    /// <param name="record">The record; its headers are the producer's from now on, taken or not.</param>
    /// <param name="delivery">Told once the broker acknowledged or refused the record, if it was taken.</param>
    /// <returns>Null, or why the record was not taken; <see cref="ErrorCode.Local_QueueFull"/> passes.</returns>
    internal Confluent.Kafka.Error? TryProduce(string topic, in OutgoingRecord record, Delivery delivery)
    {
        var error = _producer.TryProduce(topic, record, delivery);
        if (error is not null)
            record.Headers.Destroy();
        return error;
    }

    /// <summary>Waits for the records on their way, at most the flush time-out, and closes.</summary>
    public void Dispose()
    {
        _producer.Flush(_flushTimeoutMs);
        _producer.Dispose();
    }

    static void OnError(Confluent.Kafka.Error error, ILoggingAdapter log)
    {
        // A fatal error also fails every record, which stops the sink with the reason.
        if (error.IsFatal)
            log.Error("Kafka producer: {0} ({1})", error.Reason, error.Code);
        else
            log.Debug("Kafka producer: {0} ({1})", error.Reason, error.Code);
    }
}
