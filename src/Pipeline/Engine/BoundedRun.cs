using System.Globalization;
using System.Text;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// What a bounded run does beyond any other: it reads each partition up to the end that it had at the start, waits
/// until all of that is journaled, and ends its input, so that every row comes out.
/// </summary>
/// <param name="prepared">The join.</param>
/// <param name="inbox">Asks the router.</param>
/// <param name="groups">Calls the key groups.</param>
/// <param name="sourceDone">Done when nothing is read any more; tells why.</param>
/// <param name="rests">Whether time rests: then the end of the input stays open.</param>
/// <param name="drain">Done when the join is to stop before its end.</param>
sealed class BoundedRun(PreparedJoin prepared, RouterInbox inbox, KeyGroupCalls groups, Task sourceDone, Func<bool> rests, Task drain)
{
    readonly EndOfInput _end = new(prepared.SourcePartitions, inbox, groups, sourceDone, drain);

    /// <summary>Waits until every record is read and every key group has journaled it.</summary>
    internal async Task ReadToEndAsync(CancellationToken stopping)
    {
        await _end.UntilAsync(r => r.IsAtEnd(prepared.SourcePartitions) && r.IsClear, stopping);
        inbox.Post((router, _) => router.Flushing = true);
        await _end.AppliedAsync(stopping);
    }

    /// <summary>
    /// Raises each side's watermark to the lowest value at which no key group has a waiting record. A later run goes on
    /// from there. Where the input is kept open, or time rests, nothing is raised. Time may come to rest while the
    /// groups are asked: then some were raised and wait, and the next run lets them go on.
    /// </summary>
    internal async Task<JoinResult> EndInputAsync(CancellationToken stopping)
    {
        var keepsOpen = prepared.KeepsOpen || StaysOpenAtRest();
        if (!keepsOpen && !await _end.TryEndAsync(stopping))
            return JoinResult.None;
        keepsOpen = keepsOpen || StaysOpenAtRest();

        var status = new JoinStatus(await inbox.Ask(r => r.Status()), await groups.StatusAsync());
        if (!keepsOpen)
            WriteWatermarks(status.Groups);
        var lateBelowLeft = Known(status.Groups.Max(g => g.LeftWatermark));
        var lateBelowRight = Known(status.Groups.Max(g => g.RightWatermark));
        return new JoinResult(status, lateBelowLeft, lateBelowRight) { Open = prepared.Open };
    }

    bool StaysOpenAtRest()
    {
        if (!rests())
            return false;
        EngineLog.EndStaysOpen(prepared.Context.Log, prepared.Name);
        return true;
    }

    void WriteWatermarks(IReadOnlyList<KeyGroupStatus> all)
    {
        var watermarks = string.Create(CultureInfo.InvariantCulture, $"{all.Min(g => g.LeftWatermark)} {all.Min(g => g.RightWatermark)}");
        prepared.Context.Journal.Set(
            prepared.Name, new Dictionary<string, byte[]> { [CatalogNames.EndWatermarks] = Encoding.UTF8.GetBytes(watermarks) });
    }

    static long? Known(long watermark) => watermark <= SideWatermarks.None ? null : watermark;
}
