using System.Buffers;
using AkkaJoin.Pipeline.Kafka.Native;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>One event whose outputs are with the broker. Counts them down on the producer's thread.</summary>
sealed class EventInFlight : Delivery
{
    readonly KafkaSinkLogic _owner;

    // The values of its outputs are sent from here. They stay pinned until the last of them is reported.
    readonly MemoryHandle _bytes;

    // Some of its rows, with the later event time of each. The stage's thread, and after Complete the last report's.
    List<(RowKind Kind, long TimeMs)>? _sampled;

    // Outputs without a report, and one more until all were handed to the producer. At 0 the event is confirmed, if
    // none was refused.
    int _left = 1;
    volatile bool _refused;

    internal EventInFlight(OutputEvent @event, KafkaSinkLogic owner)
    {
        Event = @event;
        Id = OutputMessages.IdPrefix(@event, out var length);
        IdPrefixLength = length;
        _owner = owner;
        _bytes = @event.Bytes.Pin();
        AllocateHandle();
    }

    internal OutputEvent Event { get; }

    /// <summary>What the ids of its outputs begin with, and room for the rest of one. The stage's thread.</summary>
    internal byte[] Id { get; }

    internal int IdPrefixLength { get; }

    /// <summary>Outputs that the producer took. The stage's thread.</summary>
    internal int Produced { get; private set; }

    /// <summary>The next output to hand over. The stage's thread.</summary>
    internal int Next { get; private set; }

    /// <summary>
    /// The producer took an output, which may be one to measure. To be called before <see cref="Complete"/>.
    /// </summary>
    internal void Sample(in OutputReader output)
    {
        if ((output.Index & (OutputMetrics.SampledOf - 1)) == 0 && !output.Kind.IsCopy() && OutputMetrics.IsWatched)
            (_sampled ??= []).Add((output.Kind, output.TimestampMs));
    }

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

    /// <summary>No more of its outputs go to the producer, and it is never confirmed.</summary>
    internal void GiveUp()
    {
        _refused = true;
        CountDown();
    }

    internal override unsafe void Reported(string topic, NativeMessage* record)
    {
        switch ((ErrorCode)record->Error)
        {
            case ErrorCode.NoError:
                _owner.Acknowledged(topic, record->Partition, record->Offset);
                break;
            case ErrorCode.Local_PurgeQueue or ErrorCode.Local_PurgeInflight: // the producer closes: nobody waits any more
                _refused = true;
                break;
            default:
                _refused = true;
                var key = record->Key == null ? null : new ReadOnlySpan<byte>(record->Key, (int)record->KeyLength).ToArray();
                _owner.Refused(Refusals.Explain(topic, key, "a record of event " + Event.Sequence, new Error((ErrorCode)record->Error)));
                break;
        }

        CountDown();
    }

    void CountDown()
    {
        if (Interlocked.Decrement(ref _left) != 0)
            return;
        FreeHandle();
        _bytes.Dispose();
        if (_refused)
            return;
        OutputMetrics.Written(_sampled, _owner.Join);
        Event.Confirm();
        _owner.Confirmed(this);
    }
}
