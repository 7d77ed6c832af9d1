namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>What became of a chunk that the consumer's thread offered.</summary>
enum HandedOver
{
    /// <summary>The stream will have it.</summary>
    Added,

    /// <summary>The same, and its partition is above its limit now.</summary>
    AddedOverLimit,

    /// <summary>Its generation is over.</summary>
    Dropped,

    /// <summary>Too many chunks wait: offer it again.</summary>
    Full,
}
