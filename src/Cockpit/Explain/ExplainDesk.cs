using AkkaJoin.Cockpit.Explain.Live;
using AkkaJoin.Cockpit.Explain.Reasons;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Explain;

/// <summary>
/// Lets a few answers at once be made that read topics: explanations, late records, dead letters, rows of a key. Thread
/// safe.
/// </summary>
/// <param name="limits">How much is read, and how many are made at once.</param>
sealed class ExplainDesk(ExplainLimits limits)
{
    int _underWay;

    /// <summary>Makes an explanation.</summary>
    /// <exception cref="CommandException">As many as may be are under way.</exception>
    /// <exception cref="Pipeline.UserException">The brokers do not answer, or refuse.</exception>
    internal Task<Explanation> ExplainAsync(
        KafkaSettings kafka, JoinSettings join, ILiveState live, ExplainRequest request, CancellationToken stopping) =>
        RunAsync(async () =>
        {
            using var explainer = new Explainer(kafka, join, live, limits, request, stopping);
            return await explainer.ExplainAsync(request);
        });

    /// <summary>Makes another answer that reads topics.</summary>
    /// <exception cref="CommandException">As many as may be are under way.</exception>
    internal async Task<T> RunAsync<T>(Func<Task<T>> read)
    {
        // Whoever waits would read topics for somebody who may have gone away.
        try
        {
            if (Interlocked.Increment(ref _underWay) > limits.AtOnceMax)
            {
                throw new CommandException(
                    $"{limits.AtOnceMax} searches of topics are under way on this node (admin.explain.at-once): try again when one "
                        + "is done");
            }

            return await read();
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
