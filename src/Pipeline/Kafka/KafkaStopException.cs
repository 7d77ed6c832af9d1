namespace AkkaJoin.Pipeline.Kafka;

/// <summary>
/// Why a join cannot go on reading or writing Kafka. The message names topic and partition, the reason and what to do.
/// </summary>
public sealed class KafkaStopException : Exception
{
    /// <inheritdoc/>
    public KafkaStopException()
    {
    }

    /// <inheritdoc/>
    public KafkaStopException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public KafkaStopException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
