using System.Collections.Concurrent;
using AkkaJoin.Pipeline.Kafka;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// What comes to a router from other threads: rebalances from the consumer's, acknowledgements of dead letters, questions. Made before
/// the graph, since the source needs the listener; what comes before the stage runs waits.
/// </summary>
/// <param name="revokeTimeout">How long a rebalance waits for what is in flight. Longer gains little: what is cut off is read again by the
/// next owner and trimmed by coverage.</param>
sealed class RouterInbox(TimeSpan revokeTimeout) : IAssignmentListener
{
    readonly ConcurrentQueue<Action<Router, long>> _work = new();
    volatile Action? _wake;
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Steers the source; set once the graph runs.</summary>
    internal TaskCompletionSource<IChunkControl> Control { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public void Assigned(IReadOnlyList<PartitionStart> starts) => Post((router, now) => router.Assigned(starts, now));

    /// <inheritdoc/>
    public void Revoked(IReadOnlyList<TopicPartitionGeneration> partitions, Action<IReadOnlyList<PartitionOffset>> commit)
    {
        if (BeginRevoked(partitions) is not { } leaving)
            return;
        Task.WhenAny(Task.WhenAll(leaving.Waits), Task.Delay(revokeTimeout), _ended.Task).Wait();
        EndRevoked(leaving, commit);
    }

    /// <summary>Tells the router that partitions go. Null where it has ended.</summary>
    internal LeavingPartitions? BeginRevoked(IReadOnlyList<TopicPartitionGeneration> partitions)
    {
        var leaving = new LeavingPartitions(partitions);
        return Post((router, now) => router.Revoked(leaving.Partitions, now)) ? leaving : null;
    }

    /// <summary>The router has let go of them, or was waited for long enough.</summary>
    internal void EndRevoked(LeavingPartitions leaving, Action<IReadOnlyList<PartitionOffset>> commit)
    {
        var offsets = leaving.Offsets();
        if (offsets.Count > 0)
            commit(offsets);
        Lost([.. leaving.Partitions.Select(l => l.Partition)]);
    }

    /// <inheritdoc/>
    public void Lost(IReadOnlyList<TopicPartitionGeneration> partitions) => Post((router, _) => router.Lost(partitions));

    /// <summary>Has the router's stage do something. False where it has ended.</summary>
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
    internal void Close(RouterStatus last)
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
