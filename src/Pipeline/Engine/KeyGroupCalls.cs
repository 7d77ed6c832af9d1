using Akka.Actor;
using AkkaJoin.Shards.Journal;
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
    /// Raises their watermarks to the end of the input, and waits for the rows that come of it. Returns the answers of
    /// those whose journal was rolled back: they have not ended their input. Null where a drain comes first; the next
    /// run ends the input then.
    /// </summary>
    /// <param name="left">The left watermark, ms since the epoch.</param>
    /// <param name="right">The right watermark, ms since the epoch.</param>
    /// <param name="basedOn">By key group, the events by which everything is known to be applied.</param>
    /// <param name="drain">Done when the join is to stop before its end.</param>
    /// <param name="stopping">Cancels.</param>
    internal async Task<IReadOnlyList<KeyGroupFellBack>?> EndInputAsync(
        long left, long right, EventId[][] basedOn, Task drain, CancellationToken stopping)
    {
        var answers = await Task.WhenAll(
            All.Select(group => EndInputAsync(new EndInput(group, left, right) { BasedOn = basedOn[group] }, drain, stopping)));
        return answers.Contains(null) ? null : [.. answers.OfType<KeyGroupFellBack>()];
    }

    IEnumerable<int> All => Enumerable.Range(0, keyGroups);

    // The broker may take long for the last rows. The question is asked again until then; a watermark that is there
    // already does not rise twice.
    async Task<object?> EndInputAsync(EndInput message, Task drain, CancellationToken stopping)
    {
        while (!drain.IsCompleted)
        {
            try
            {
                return await region.Ask<object>(message, resendAfter, stopping);
            }
            catch (AskTimeoutException)
            {
                // Still on its way, or the key group has restarted.
            }
        }

        return null;
    }
}
