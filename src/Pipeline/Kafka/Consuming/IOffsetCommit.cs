using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>A request to commit offsets whose answer can be asked for without blocking, or waited for with a limit. An answer after its end belongs to nobody.</summary>
interface IOffsetCommit : IDisposable
{
    /// <returns>The answer, or null where there is none within <paramref name="timeoutMs"/>.</returns>
    ErrorCode? Wait(int timeoutMs);
}
