using System.Globalization;
using System.Text;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>The end of a bounded run's input: it waits until everything is read and journaled, and closes time.</summary>
sealed class InputEnd
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>The join's name.</summary>
    internal required string Join { get; init; }

    /// <summary>How many source partitions there are.</summary>
    internal required int Partitions { get; init; }

    /// <summary>What is not read, since a transaction is open.</summary>
    internal required IReadOnlyList<OpenTransaction> Open { get; init; }

    /// <summary>Whether what rests stays resting for a later run.</summary>
    internal required bool KeepsOpen { get; init; }

    internal required RouterInbox Inbox { get; init; }

    internal required GroupCalls Groups { get; init; }

    internal required JoinJournal Journal { get; init; }

    /// <summary>Done when nothing is read any more; tells why.</summary>
    internal required Task SourceDone { get; init; }

    /// <summary>Done when the join is to stop before its end.</summary>
    internal required Task StopRequested { get; init; }

    /// <summary>Waits until every key group has journaled everything.</summary>
    internal async Task ReachAsync(CancellationToken stopping)
    {
        await UntilAsync(r => r.IsAtEnd(Partitions) && r.IsClear, stopping);
        Inbox.Post((router, _) => router.Flushing = true);
        await UntilAsync(r => r.IsCovered, stopping);
    }

    /// <summary>
    /// Raises each side's watermark to the least value at which no key group holds a row, so that the next run goes on from there.
    /// </summary>
    internal async Task<JoinResult> CloseAsync(CancellationToken stopping)
    {
        var groups = await Groups.StatusAsync();
        var (left, right) = Least(groups);
        if (!KeepsOpen && !await Groups.CloseTimeAsync(left, right, StopRequested, stopping))
            return new JoinResult(null, null, null);

        var status = new JoinStatus(await Inbox.Ask(r => r.Status()), await Groups.StatusAsync());
        if (!KeepsOpen)
        {
            Journal.Set(Join, new Dictionary<string, byte[]>
            {
                [CatalogNames.ClosedThrough] = Encoding.UTF8.GetBytes(string.Create(
                    CultureInfo.InvariantCulture, $"{status.Groups.Min(g => g.LeftWatermark)} {status.Groups.Min(g => g.RightWatermark)}")),
            });
        }

        return new JoinResult(status, Known(status.Groups.Max(g => g.LeftWatermark)), Known(status.Groups.Max(g => g.RightWatermark))) { Open = Open };
    }

    /// <summary>The least watermarks at which none of the key groups holds a row.</summary>
    internal static (long Left, long Right) Least(IReadOnlyList<GroupStatus> groups) => (groups.Max(g => g.CloseLeft), groups.Max(g => g.CloseRight));

    static long? Known(long watermark) => watermark <= SideWatermarks.None ? null : watermark;

    async Task UntilAsync(Func<Router, bool> condition, CancellationToken stopping)
    {
        try
        {
            while (!await Inbox.Ask(condition))
                await Task.Delay(PollInterval, stopping);
        }
        catch (InvalidOperationException)
        {
            await SourceDone; // tells why the router has ended
            throw;
        }
    }
}
