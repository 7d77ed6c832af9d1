using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>The router's hands: those of its stage, and what the stage does not know how to do.</summary>
sealed class EngineEffects(
    IRouterEffects stage,
    RouterInbox inbox,
    Func<DeadLetter, CancellationToken, Task> writeDeadLetter,
    Action<string, int, long, long> journalIsBehind,
    Action<int, long, PartitionStart, long> journalIsAhead,
    CancellationToken stopping) : IRouterEffects
{
    /// <inheritdoc/>
    public void Send(IGroupMessage message) => stage.Send(message);

    /// <inheritdoc/>
    public void SendToAll(NodeTicks ticks) => stage.SendToAll(ticks);

    /// <inheritdoc/>
    public void Begin(string topic, int partition, int generation, long offset) => stage.Begin(topic, partition, generation, offset);

    /// <inheritdoc/>
    public int Rewind(string topic, int partition, int generation, long offset) => stage.Rewind(topic, partition, generation, offset);

    /// <inheritdoc/>
    public void Release(string topic, int partition, int generation, long bytes) => stage.Release(topic, partition, generation, bytes);

    /// <inheritdoc/>
    public void Commit(PartitionOffset offset) => stage.Commit(offset);

    /// <inheritdoc/>
    public void Fail(Exception reason) => stage.Fail(reason);

    /// <inheritdoc/>
    public void JournalIsBehind(string topic, int partition, long committed, long covered) =>
        journalIsBehind(topic, partition, committed, covered);

    /// <inheritdoc/>
    public void JournalIsAhead(int partitions, long offsets, PartitionStart example, long covered) => journalIsAhead(partitions, offsets, example, covered);

    /// <inheritdoc/>
    public void WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters) =>
        _ = WriteAsync(partition, generation, letters);

    async Task WriteAsync(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters)
    {
        try
        {
            await Task.WhenAll(letters.Select(letter => writeDeadLetter(letter, stopping))).ConfigureAwait(false);
            inbox.Post((router, now) => router.DeadLettersWritten(partition, generation, now));
        }
        catch (OperationCanceledException)
        {
            // The join stops; the records are read again after the next start.
        }
        catch (Exception e)
        {
            inbox.Post((_, _) => stage.Fail(e));
        }
    }
}
