using System.Runtime.InteropServices;
using Akka.Event;
using AkkaJoin.Pipeline.Kafka.Native;
using Confluent.Kafka;
using Error = Confluent.Kafka.Error;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>
/// Tells passing errors from fatal ones. It logs each passing one once, until the broker answers again. Used by the
/// consumer's thread.
/// </summary>
sealed unsafe class BrokerErrors(ILoggingAdapter log)
{
    readonly HashSet<ErrorCode> _told = [];
    KafkaStopException? _fatal;

    /// <summary>A client error, told by callback.</summary>
    internal void OnError(Error error)
    {
        if (error.IsFatal || IsHopeless(error.Code))
            _fatal ??= new KafkaStopException($"the Kafka consumer cannot go on: {error.Reason} ({error.Code})");
        else
            Tell(error.Code, error.Reason);
    }

    /// <summary>An error that came in a message's place.</summary>
    internal void OnConsumeError(ErrorCode code, NativeMessage* message, ConsumedPartition? partition)
    {
        var reason = message->Payload == null ? new Error(code).Reason : Marshal.PtrToStringUTF8((nint)message->Payload) ?? "";
        var where = partition is null ? "" : $"{partition.Topic}/{partition.Partition}: ";
        if (code == ErrorCode.Local_Fatal || IsHopeless(code))
            _fatal ??= new KafkaStopException($"the Kafka consumer cannot go on: {where}{reason} ({code})");
        else
            Tell(code, where + reason);
    }

    /// <summary>The broker answered: the next error is news again.</summary>
    internal void OnContact()
    {
        if (_told.Count == 0)
            return;
        _told.Clear();
        log.Info("the Kafka broker answers again");
    }

    /// <exception cref="KafkaStopException">A fatal error was told.</exception>
    internal void ThrowIfFatal()
    {
        if (_fatal is not null)
            throw _fatal;
    }

    static bool IsHopeless(ErrorCode code) => code is
        ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or
        ErrorCode.InconsistentGroupProtocol or ErrorCode.InvalidGroupId or ErrorCode.Local_Fatal;

    void Tell(ErrorCode code, string reason)
    {
        if (_told.Add(code))
            log.Warning("Kafka consumer: {0} ({1}); it is tried again", reason, code);
    }
}
