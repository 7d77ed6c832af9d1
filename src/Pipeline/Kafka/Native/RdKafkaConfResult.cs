namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>What librdkafka says of a key and its value.</summary>
enum RdKafkaConfResult
{
    /// <summary>It takes them.</summary>
    Good,

    /// <summary>There is no such key.</summary>
    UnknownKey,

    /// <summary>The key does not take this value.</summary>
    BadValue,
}
