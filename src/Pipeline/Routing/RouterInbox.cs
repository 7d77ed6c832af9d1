using System.Collections.Concurrent;
using System.Diagnostics;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Metering;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Brings to a router what other threads have for it: rebalances from the consumer's thread, acknowledgements of dead
/// letters, questions. It is made before the graph, since the source needs a listener. Whatever comes before the stage
/// runs waits here.
/// </summary>
/// <param name="revokeTimeout">
/// How long a rebalance waits for what is in flight. A longer time gains little: the next owner reads again what was
/// cut off, and key groups drop what they have applied.
/// </param>
sealed class RouterInbox(TimeSpan revokeTimeout) : IAssignmentListener
{
    readonly ConcurrentQueue<Action<Router, long>> _work = new();
    volatile Action? _wake;
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The join's name, for traces.</summary>
    internal string Join { get; init; } = "";

    /// <summary>Steers the source; set once the graph runs.</summary>
    internal TaskCompletionSource<IChunkControl> Control { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public void Assigned(IReadOnlyList<PartitionStart> starts) => Post((router, now) => router.Assigned(starts, now));

    /// <inheritdoc/>
    public void Revoked(IReadOnlyList<TopicPartitionGeneration> partitions, Action<IReadOnlyList<PartitionOffset>> commit)
    {
        var since = Stopwatch.GetTimestamp();
        if (StartRevocation(partitions) is not { } leaving)
            return;
        Task.WhenAny(Task.WhenAll(leaving.Waits), Task.Delay(revokeTimeout), _ended.Task).Wait();
        FinishRevocation(leaving, commit);
        ShardsTraces.Ended(ShardsTraces.Rebalance, since, new("join", Join), new("partitions", partitions.Count));
    }

    /// <summary>Tells the router that partitions go. Null where it has ended.</summary>
    internal RevokedPartitions? StartRevocation(IReadOnlyList<TopicPartitionGeneration> partitions)
    {
        var leaving = new RevokedPartitions(partitions);
        return Post((router, now) => router.Revoked(leaving.Partitions, now)) ? leaving : null;
    }

    /// <summary>The router has let all of them go, or the wait has timed out.</summary>
    internal void FinishRevocation(RevokedPartitions leaving, Action<IReadOnlyList<PartitionOffset>> commit)
    {
        var offsets = leaving.Offsets();
        if (offsets.Count > 0)
            commit(offsets);
        Lost([.. leaving.Partitions.Select(l => l.Partition)]);
    }

    /// <inheritdoc/>
    public void Lost(IReadOnlyList<TopicPartitionGeneration> partitions) => Post((router, _) => router.Lost(partitions));

    /// <summary>The stage does this next, on its own thread. False where it has ended.</summary>
    internal bool Post(Action<Router, long> work)
    {
        if (_ended.Task.IsCompleted)
            return false;
        _work.Enqueue(work);
        _wake?.Invoke();
        return true;
    }

    /// <summary>Asks the router something.</summary>
    /// <exception cref="InvalidOperationException">The router has ended.</exception>
    internal async Task<T> Ask<T>(Func<Router, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post((router, _) => answer.TrySetResult(question(router)));
        await Task.WhenAny(answer.Task, _ended.Task);
        return answer.Task.IsCompleted ? await answer.Task : throw new InvalidOperationException("the router has ended");
    }

    /// <summary>The stage runs; <paramref name="wake"/> may be called from any thread.</summary>
    internal void Open(Action wake)
    {
        _wake = wake;
        wake();
    }

    /// <summary>The router as it was when its stage ended; null while it runs.</summary>
    internal RouterStatus? Last { get; private set; }

    /// <summary>The stage has ended.</summary>
    internal void End(RouterStatus last)
    {
        Last = last;
        _wake = null;
        _ended.TrySetResult();
    }

    /// <summary>Does what waits, on the stage's thread.</summary>
    internal void Run(Router router, long nowMs)
    {
        while (_work.TryDequeue(out var work))
            work(router, nowMs);
    }
}

/// <summary>
/// Partitions that a rebalance takes away. For each of them the router says which offset to commit, or -1.
/// </summary>
sealed class RevokedPartitions(IReadOnlyList<TopicPartitionGeneration> partitions)
{
    internal IReadOnlyList<(TopicPartitionGeneration Partition, TaskCompletionSource<long> Revocation)> Partitions { get; } =
        [.. partitions.Select(p => (p, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)))];

    internal IEnumerable<Task> Waits => Partitions.Select(p => p.Revocation.Task);

    /// <summary>The offsets to commit of the partitions that the router let go in time.</summary>
    internal List<PartitionOffset> Offsets() => [.. Partitions
        .Where(l => l.Revocation.Task is { IsCompletedSuccessfully: true, Result: >= 0 })
        .Select(l => new PartitionOffset(l.Partition.Topic, l.Partition.Partition, l.Partition.Generation, l.Revocation.Task.Result))];
}
