using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>
/// One event whose outputs are with the broker. Counts them down on the producer's thread; its one delegate serves all of them.
/// </summary>
sealed class EventInFlight
{
    readonly KafkaSinkLogic _owner;

    // Outputs without an acknowledgement, and one more until all were handed to the producer. At 0 the event is confirmed.
    int _left = 1;

    internal EventInFlight(OutputEvent @event, KafkaSinkLogic owner)
    {
        Event = @event;
        IdPrefix = OutputMessages.IdPrefix(@event);
        _owner = owner;
        Delivered = OnDelivered;
    }

    internal OutputEvent Event { get; }

    internal byte[] IdPrefix { get; }

    internal Action<DeliveryReport<byte[]?, byte[]?>> Delivered { get; }

    /// <summary>Outputs that the producer took. The stage's thread.</summary>
    internal int Produced { get; private set; }

    /// <summary>The next output to hand over. The stage's thread.</summary>
    internal int Next { get; private set; }

    /// <summary>To be called before an output is handed to the producer: its answer may come at once.</summary>
    internal void BeforeProduce()
    {
        Interlocked.Increment(ref _left);
        Produced++;
        Next++;
    }

    /// <summary>The next output is in its topic already.</summary>
    internal void Skip() => Next++;

    /// <summary>The producer did not take it.</summary>
    internal void UndoProduce()
    {
        Interlocked.Decrement(ref _left);
        Produced--;
        Next--;
    }

    /// <summary>All outputs are with the producer.</summary>
    internal void Complete() => CountDown();

    void OnDelivered(DeliveryReport<byte[]?, byte[]?> report)
    {
        if (report.Error.IsError)
            _owner.Refused(Refusals.Explain(report.Topic, report.Message?.Key, "a record of event " + Event.Sequence, report.Error));
        else
            Acknowledged(report.TopicPartitionOffset);
    }

    void Acknowledged(TopicPartitionOffset place)
    {
        _owner.Acknowledged(place);
        CountDown();
    }

    void CountDown()
    {
        if (Interlocked.Decrement(ref _left) != 0)
            return;
        Event.ReplyTo.Tell(new OutputConfirmed(Event.Sequence), Akka.Actor.ActorRefs.NoSender);
        _owner.Confirmed(this);
    }
}
