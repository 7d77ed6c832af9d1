using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Routing;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// What the engine does for the router: it writes dead letters, asks for the ends of logs, and tells how old the
/// journal is.
/// </summary>
sealed class EngineEffects(
    RouterInbox inbox,
    Func<DeadLetter, CancellationToken, Task> writeDeadLetter,
    Func<IReadOnlyList<TopicPartitionGeneration>, CancellationToken,
        Task<IReadOnlyDictionary<(string Topic, int Partition), long>>> logEnds,
    Action<string, int, long, long> journalIsBehind,
    Action<int, long, PartitionStart, long> journalIsAhead,
    CancellationToken stopping) : IEngineEffects
{
    /// <inheritdoc/>
    public void JournalIsBehind(string topic, int partition, long committed, long applied) =>
        journalIsBehind(topic, partition, committed, applied);

    /// <inheritdoc/>
    public void JournalIsAhead(int partitions, long offsets, PartitionStart example, long applied) =>
        journalIsAhead(partitions, offsets, example, applied);

    /// <inheritdoc/>
    public void WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters) =>
        _ = WriteAsync(partition, generation, letters);

    /// <inheritdoc/>
    public void AskLogEnds(IReadOnlyList<TopicPartitionGeneration> partitions, long clockMs) => _ = AskAsync(partitions, clockMs);

    // Whatever fails, the router hears of it: the partitions are not idle then.
    async Task AskAsync(IReadOnlyList<TopicPartitionGeneration> partitions, long clockMs)
    {
        IReadOnlyDictionary<(string Topic, int Partition), long> ends = new Dictionary<(string Topic, int Partition), long>();
        try
        {
            ends = await logEnds(partitions, stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // No broker answered.
        }

        inbox.Post((router, now) => router.LogEndsAnswered(partitions, ends, clockMs, now));
    }

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
            inbox.Post((router, _) => router.Fail(e));
        }
    }
}
