using Akka;
using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Deduplicating;
using AkkaJoin.Pipeline.Kafka.Dsl;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>What a join of this node writes: rows and late copies by a stream, dead letters, all by one producer. It outlives what is read.</summary>
sealed class JoinOutputs
{
    readonly OutputProducer _producer;
    readonly DeadLetterProducer _deadLetters;
    readonly Deliveries? _deliveries; // null where rows that may have been written are written again
    readonly IActorRef _rows;
    int _closed;

    JoinOutputs(OutputProducer producer, DeadLetterProducer deadLetters, Deliveries? deliveries, IActorRef rows)
    {
        _producer = producer;
        _deadLetters = deadLetters;
        _deliveries = deliveries;
        _rows = rows;
    }

    /// <summary>Done when the stream of rows has ended; faulted where it could not go on.</summary>
    internal required Task<Done> SinkDone { get; init; }

    /// <summary>Finds what was written already; null where it is written again.</summary>
    internal required TailReader? Tail { get; init; }

    /// <summary>The most bytes on their way to the brokers.</summary>
    internal required long InFlightBytesMax { get; init; }

    /// <summary>Opens them.</summary>
    /// <param name="kafka">The brokers.</param>
    /// <param name="join">The join.</param>
    /// <param name="messageBytesMax">The least <c>max.message.bytes</c> of the topics; null = not known.</param>
    /// <param name="materializer">Runs the stream.</param>
    /// <param name="log">The join's.</param>
    /// <exception cref="UserException">No broker answered, or a topic is not there.</exception>
    internal static async Task<JoinOutputs> OpenAsync(KafkaSettings kafka, JoinSettings join, int? messageBytesMax, IMaterializer materializer, ILoggingAdapter log)
    {
        var settings = ProducerSettings.Create(kafka, join) with { TopicBytesMax = messageBytesMax };
        var topics = OutputTopics.Create(join);
        Deliveries? deliveries = null;
        TailReader? tail = null;
        if (join.Output.Deduplicate == Deduplicate.Tail)
        {
            topics = topics.WithWriter();
            deliveries = new Deliveries(topics);
            tail = new TailReader(kafka, join, topics, deliveries, log);
            await tail.RefreshAsync();
        }

        var producer = new OutputProducer(settings, log);
        var (rows, done) = KafkaProducer.OutputSource().ToMaterialized(KafkaProducer.OutputSink(producer, topics, settings, deliveries), Keep.Both).Run(materializer);
        var deadLetters = new DeadLetterProducer(producer, join.Output.DeadLetterTopic, join.Name, join.Flow.DeadLettersInFlightMax);
        return new JoinOutputs(producer, deadLetters, deliveries, await rows) { SinkDone = done, Tail = tail, InFlightBytesMax = settings.InFlightBytesMax };
    }

    /// <summary>Writes the rows and late copies of an event.</summary>
    internal void Write(OutputEvent e)
    {
        _deliveries?.HandedOut(e.Group);
        _rows.Tell(e);
    }

    /// <summary>Done once the broker has it.</summary>
    internal Task WriteDeadLetterAsync(Kafka.Producing.DeadLetter letter, CancellationToken cancellation) => _deadLetters.SendAsync(letter, cancellation);

    /// <summary>Waits for the last rows on their way, and closes the producer. No key group runs on this node any more.</summary>
    /// <returns>Whether this was the first call.</returns>
    internal async Task<bool> CloseAsync(TimeSpan patience)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return false;
        Tail?.Dispose();
        _rows.Tell(new Status.Success(Done.Instance));
        await Task.WhenAny(SinkDone, Task.Delay(patience));
        _deadLetters.Dispose();
        await Task.Run(_producer.Dispose);
        return true;
    }
}
