using AkkaJoin.Pipeline.Kafka.Native;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>Waits for what becomes of one dead letter.</summary>
sealed class DeadLetterDelivery : Delivery
{
    readonly TaskCompletionSource<Error> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>No error where the broker has it.</summary>
    internal Task<Error> Done => _done.Task;

    internal override unsafe void Reported(string topic, NativeMessage* record)
    {
        LetGo();
        _done.TrySetResult(new Error((ErrorCode)record->Error));
    }
}
