using Akka.Actor;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>Calls to all key groups of a join, wherever they run.</summary>
/// <param name="region">Their shard region.</param>
/// <param name="keyGroups">How many they are.</param>
/// <param name="resendAfter">When a call that was not answered is made again.</param>
sealed class KeyGroupCalls(ICanTell region, int keyGroups, TimeSpan resendAfter)
{
    static readonly TimeSpan StatusTimeout = TimeSpan.FromSeconds(10);
    static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The key groups as they are now.</summary>
    /// <exception cref="AskTimeoutException">One does not answer.</exception>
    internal async Task<IReadOnlyList<KeyGroupStatus>> StatusAsync() =>
        await Task.WhenAll(All.Select(group => region.Ask<KeyGroupStatus>(new AskStatus(group), StatusTimeout)));

    /// <summary>
    /// Makes them journal their confirmations and applied offsets; false where one did not answer in time.
    /// </summary>
    internal async Task<bool> TryFlushAsync()
    {
        try
        {
            await Task.WhenAll(All.Select(group => region.Ask<KeyGroupAck>(new FlushKeyGroup(group), FlushTimeout)));
            return true;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    /// <summary>
    /// Raises their watermarks to the end of the input, and waits for the rows that come of it. False where a drain
    /// comes first; the next run ends the input then.
    /// </summary>
    internal async Task<bool> EndInputAsync(long left, long right, Task drain, CancellationToken stopping)
    {
        var ended = await Task.WhenAll(All.Select(group => EndInputAsync(new EndInput(group, left, right), drain, stopping)));
        return !ended.Contains(false);
    }

    IEnumerable<int> All => Enumerable.Range(0, keyGroups);

    // The broker may take long for the last rows. The question is asked again until then; a watermark that is there
    // already does not rise twice.
    async Task<bool> EndInputAsync(EndInput message, Task drain, CancellationToken stopping)
    {
        while (!drain.IsCompleted)
        {
            try
            {
                await region.Ask<InputEnded>(message, resendAfter, stopping);
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
