using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Ends the input of all key groups, once all of them have applied everything.
/// <para>
/// A key group with nothing to write does not notice that its journal was rolled back. It notices when it writes the
/// end of its input. Its next incarnation lacks records, and time must not close without them. So the end of input
/// names the events by which the router knows that everything is applied. A group that lacks one of them says so and
/// goes on; what it lacks is read again, and then its input ends.
/// </para>
/// </summary>
/// <param name="partitions">How many partitions the run reads.</param>
/// <param name="inbox">Asks the router.</param>
/// <param name="groups">Calls the key groups.</param>
/// <param name="sourceDone">Done when nothing is read any more; tells why.</param>
/// <param name="drain">Done when the join is to stop before its end.</param>
sealed class EndOfInput(int partitions, RouterInbox inbox, KeyGroupCalls groups, Task sourceDone, Task drain)
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Raises each side's watermark to the lowest value at which no key group has a waiting record. False where a drain
    /// comes before the end.
    /// </summary>
    internal async Task<bool> TryEndAsync(CancellationToken stopping)
    {
        while (true)
        {
            var applied = AppliedAsync(stopping);
            if (await Task.WhenAny(applied, drain) == drain)
                return false;
            var basedOn = await applied;
            var (left, right) = Least(await groups.StatusAsync());
            if (await groups.EndInputAsync(left, right, basedOn, drain, stopping) is not { } fellBack)
                return false;
            if (fellBack.Count == 0)
                return true;
            foreach (var message in fellBack.Where(m => PeerChecks.IsAnswer(m, basedOn.Length)))
                inbox.Post((router, now) => router.FellBack(message, now));
        }
    }

    /// <summary>
    /// Waits until every key group has applied everything, also what is read again. Returns, by key group, the events
    /// by which that is known.
    /// </summary>
    internal async Task<EventId[][]> AppliedAsync(CancellationToken stopping)
    {
        EventId[][] basedOn = [];
        await UntilAsync(
            r =>
            {
                if (!r.IsAtEnd(partitions) || !r.IsApplied)
                    return false;
                basedOn = r.BasedOn();
                return true;
            },
            stopping);
        return basedOn;
    }

    /// <summary>Waits until the router says so.</summary>
    internal async Task UntilAsync(Func<Router, bool> condition, CancellationToken stopping)
    {
        try
        {
            while (!await inbox.Ask(condition))
                await Task.Delay(PollInterval, stopping);
        }
        catch (InvalidOperationException)
        {
            await sourceDone; // tells why the router has ended
            throw;
        }
    }

    /// <summary>The lowest watermarks at which no key group has a waiting record.</summary>
    internal static (long Left, long Right) Least(IReadOnlyList<KeyGroupStatus> groups) =>
        (groups.Max(g => g.LeftWatermarkThatCloses), groups.Max(g => g.RightWatermarkThatCloses));
}
