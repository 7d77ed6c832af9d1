using Akka.Event;
using AkkaJoin.Pipeline.Kafka.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>
/// The idempotent producer that rows, late records and dead letters share. Whoever makes it disposes it, after the streams that use it and
/// not on a dispatcher's thread: it waits for records on their way. Thread safe.
/// </summary>
sealed class OutputProducer : IDisposable
{
    readonly IProducer<byte[]?, byte[]?> _producer;
    readonly int _flushTimeoutMs;

    internal OutputProducer(ProducerSettings settings, ILoggingAdapter log)
    {
        _flushTimeoutMs = settings.FlushTimeoutMs;
        var builder = new ProducerBuilder<byte[]?, byte[]?>(settings.ClientProperties())
            .SetKeySerializer(Serializers.ByteArray!)
            .SetValueSerializer(Serializers.ByteArray!)
            .SetErrorHandler((_, e) => OnError(e, log))
            .SetLogHandler((_, m) => log.Debug("{0}: {1}", m.Facility, m.Message));
        _producer = ClientConfiguration.Build(builder.Build, "producer");
    }

    /// <summary>
    /// Puts a record into the producer's queue.
    /// </summary>
    /// <param name="delivered">Called on the producer's thread once the broker acknowledged or refused the record.</param>
    /// <returns>Null, or why the record was not taken; <see cref="ErrorCode.Local_QueueFull"/> passes.</returns>
    internal Confluent.Kafka.Error? TryProduce(
        string topic, Message<byte[]?, byte[]?> message, Action<DeliveryReport<byte[]?, byte[]?>> delivered)
    {
        try
        {
            _producer.Produce(topic, message, delivered);
            return null;
        }
        catch (ProduceException<byte[]?, byte[]?> e)
        {
            return e.Error;
        }
    }

    /// <summary>Waits for the records on their way, at most the flush time-out, and closes.</summary>
    public void Dispose()
    {
        try
        {
            _producer.Flush(TimeSpan.FromMilliseconds(_flushTimeoutMs));
        }
        catch (KafkaException)
        {
            // A fatal error was told to every record already.
        }

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
