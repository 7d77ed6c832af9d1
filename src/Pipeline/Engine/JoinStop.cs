using Akka;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// What ends a join: a request to drain, a failure that nothing mends, and at last the end of everything that runs
/// beside the streams.
/// </summary>
sealed class JoinStop : IDisposable
{
    readonly CancellationTokenSource _stopping = new();
    readonly TaskCompletionSource _drain = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<Done> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the join was asked to drain.</summary>
    internal Task Drain => _drain.Task;

    /// <summary>Whether the join was asked to drain.</summary>
    internal bool IsDraining => _drain.Task.IsCompleted;

    /// <summary>Faulted when the join cannot go on; never done otherwise.</summary>
    internal Task Failure => _failure.Task;

    /// <summary>Cancelled when the streams have ended: whatever runs beside them ends too.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>Asks the join to drain.</summary>
    /// <returns>Whether this was the first request.</returns>
    internal bool RequestDrain() => _drain.TrySetResult();

    /// <summary>Ends the join. Of several reasons the first counts.</summary>
    internal void Fail(Exception reason) => _failure.TrySetException(reason);

    /// <summary>Ends what runs beside the streams.</summary>
    internal Task CancelAsync() => _stopping.CancelAsync();

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();
}
