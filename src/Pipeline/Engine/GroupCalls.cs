using Akka.Actor;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>What is asked of every key group of a join, wherever it runs.</summary>
/// <param name="region">Their shard region.</param>
/// <param name="keyGroups">How many they are.</param>
/// <param name="resendAfter">When a call that was not answered is made again.</param>
sealed class GroupCalls(ICanTell region, int keyGroups, TimeSpan resendAfter)
{
    static readonly TimeSpan StatusTimeout = TimeSpan.FromSeconds(10);
    static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The groups as they are now.</summary>
    /// <exception cref="AskTimeoutException">One does not answer.</exception>
    internal async Task<IReadOnlyList<GroupStatus>> StatusAsync() =>
        await Task.WhenAll(All.Select(group => region.Ask<GroupStatus>(new AskStatus(group), StatusTimeout)));

    /// <summary>Has them journal what they know; false where one did not answer in time.</summary>
    internal async Task<bool> TryFlushAsync()
    {
        try
        {
            await Task.WhenAll(All.Select(group => region.Ask<GroupAck>(new FlushGroup(group), FlushTimeout)));
            return true;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    /// <summary>Raises their watermarks, and waits for the rows of that. False where the join is to stop first; the next run closes then.</summary>
    internal async Task<bool> CloseTimeAsync(long left, long right, Task stopRequested, CancellationToken stopping)
    {
        var closed = await Task.WhenAll(All.Select(group => CloseTimeAsync(new CloseTime(group, left, right), stopRequested, stopping)));
        return !closed.Contains(false);
    }

    IEnumerable<int> All => Enumerable.Range(0, keyGroups);

    // The last rows take as long as the broker takes them: asked again and again, which raises nothing twice.
    async Task<bool> CloseTimeAsync(CloseTime message, Task stopRequested, CancellationToken stopping)
    {
        while (!stopRequested.IsCompleted)
        {
            try
            {
                await region.Ask<TimeClosed>(message, resendAfter, stopping);
                return true;
            }
            catch (AskTimeoutException)
            {
                // Still on its way, or the key group has restarted.
            }
        }

        return false;
    }
}
