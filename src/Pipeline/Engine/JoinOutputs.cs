using Akka;
using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Deduplicating;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.RowReading;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// The outputs of a join on this node: rows and late copies by a stream, and dead letters, all by one producer. They
/// are open for longer than the input.
/// </summary>
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

    /// <summary>Finds the rows that were written already; null where they are written again.</summary>
    internal required TailReader? Tail { get; init; }

    /// <summary>The most bytes on their way to the brokers.</summary>
    internal required long InFlightBytesMax { get; init; }

    /// <summary>Takes the rows in place of the topic; null = nobody does.</summary>
    internal RowOutlet? Rows { get; init; }

    /// <summary>Opens them. Where that fails, nothing is left open.</summary>
    /// <param name="kafka">The brokers.</param>
    /// <param name="join">The join.</param>
    /// <param name="messageBytesMax">The least <c>max.message.bytes</c> of the topics; null = not known.</param>
    /// <param name="rows">Takes the rows in place of the topic; null = nobody does.</param>
    /// <param name="materializer">Runs the stream.</param>
    /// <param name="log">The join's.</param>
    /// <exception cref="UserException">No broker answered, or a topic is not there.</exception>
    internal static async Task<JoinOutputs> OpenAsync(
        KafkaSettings kafka,
        JoinSettings join,
        int? messageBytesMax,
        RowOutlet? rows,
        IMaterializer materializer,
        ILoggingAdapter log)
    {
        var settings = ProducerSettings.Create(kafka, join) with { TopicBytesMax = messageBytesMax };
        var topics = OutputTopics.Create(join);
        Deliveries? deliveries = null;
        TailReader? tail = null;
        OutputProducer? producer = null;
        try
        {
            if (join.Output.Deduplicate == Deduplicate.Tail)
            {
                topics = topics.WithWriter();
                deliveries = new Deliveries(topics);
                tail = new TailReader(kafka, join, topics, deliveries, log);
                await tail.RefreshAsync();
            }

            producer = new OutputProducer(settings, log);
            var (actor, done) = KafkaProducer.OutputSource()
                .ToMaterialized(KafkaProducer.OutputSink(producer, topics, settings, deliveries), Keep.Both).Run(materializer);
            var deadLetters = new DeadLetterProducer(producer, join.Output.DeadLetterTopic, join.Name, join.Flow.DeadLettersInFlightMax);
            return new JoinOutputs(producer, deadLetters, deliveries, await actor)
            {
                Rows = rows,
                SinkDone = done,
                Tail = tail,
                InFlightBytesMax = settings.InFlightBytesMax,
            };
        }
        catch
        {
            tail?.Dispose();
            if (producer is not null)
                await Task.Run(producer.Dispose);
            throw;
        }
    }

    /// <summary>Writes the rows and late copies of an event.</summary>
    internal void Write(OutputEvent e)
    {
        if (Rows is null)
            WriteToKafka(e);
        else
            Rows.Write(e, WriteToKafka);
    }

    /// <summary>Done once the broker has it.</summary>
    internal Task WriteDeadLetterAsync(Kafka.Producing.DeadLetter letter, CancellationToken cancellation) =>
        _deadLetters.SendAsync(letter, cancellation);

    /// <summary>
    /// Waits for the last rows on their way, and closes the producer. No key group runs on this node any more.
    /// </summary>
    /// <returns>Whether this was the first call.</returns>
    internal async Task<bool> CloseAsync(TimeSpan patience)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return false;
        Tail?.Dispose();
        Rows?.Close();
        _rows.Tell(new Status.Success(Done.Instance));
        await Task.WhenAny(SinkDone, Task.Delay(patience));
        _deadLetters.Dispose();
        await Task.Run(_producer.Dispose);
        return true;
    }

    void WriteToKafka(OutputEvent e)
    {
        _deliveries?.HandedOut(e.Group);
        _rows.Tell(e);
    }
}
