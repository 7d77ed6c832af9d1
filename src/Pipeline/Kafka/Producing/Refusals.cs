using System.Text;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>Says why a record was refused, and what to do.</summary>
static class Refusals
{
    const int KeyShown = 80;

    internal static KafkaStopException Explain(string topic, byte[]? key, string what, Error error) => new(
        $"topic '{topic}' refused {what} with key {Show(key)}: {error.Reason} ({error.Code}). {Remedy(error.Code)}");

    static string Remedy(ErrorCode code) => code switch
    {
        ErrorCode.InvalidTimestamp =>
            "Its timestamp is outside what the topic takes: set output.timestamp = now, or the topic's message.timestamp.*.max.ms.",
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge =>
            "Raise max.message.bytes of the topic, or write less into a row (output.select); message.max.bytes of kafka.producer, 32 MiB "
            + "where it is not set, limits it too.",
        ErrorCode.InvalidRecord =>
            "A compacted topic takes no record without a key: set its cleanup.policy to delete, or keep records without a key out of the "
            + "join.",
        ErrorCode.TopicAuthorizationFailed => "Give this user the right to write to the topic.",
        ErrorCode.ClusterAuthorizationFailed => "Give this user the right IDEMPOTENT_WRITE.",
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition =>
            "Create the topic; it was there at the start.",
        _ => "The join stops here and writes the record again when it is started.",
    };

    static string Show(byte[]? key)
    {
        if (key is null)
            return "null";
        var text = Encoding.UTF8.GetString(key, 0, Math.Min(key.Length, KeyShown));
        return "'" + text + (key.Length > KeyShown ? "...'" : "'");
    }
}
