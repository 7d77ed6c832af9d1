using System.Globalization;
using AkkaJoin.Cockpit.Text;

namespace AkkaJoin.Host.Chaos;

/// <summary>Says what each fault cost as soon as the rows tell.</summary>
sealed class Outages(FaultInjector injector, RowWatch rows, Timeline timeline)
{
    /// <summary>Looks at the faults whose cost is not known yet.</summary>
    /// <param name="final">Whether no further rows will come.</param>
    internal void Look(bool final)
    {
        foreach (var fault in injector.Done.Where(f => f.Silence is null))
        {
            if (rows.Silence(fault.AtMs, final) is not { } silence)
                continue;
            fault.Silence = silence;
            timeline.Say(new TimelineEntry(TimelineEvents.Silence)
            {
                KeyGroup = silence.KeyGroup,
                SilenceMs = silence.KeyGroup is null ? null : silence.Ms,
                LastRow = silence.KeyGroup is null ? null : silence.LastMs,
                FirstRow = silence.KeyGroup is null ? null : silence.FirstMs,
                Text = Text(fault, silence),
            });
        }
    }

    static string Text(InjectedFault fault, Silence silence)
    {
        var what = fault.Fault.Kind switch
        {
            FaultKind.Freeze => "freeze",
            FaultKind.Stop => "stop",
            _ => "death",
        };
        return silence.KeyGroup is null
            ? $"{fault.Whom}  its {what}: no rows came in the second before it"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{fault.Whom}  its {what} cost {silence.Ms / 1_000:0.00} s: key group {silence.KeyGroup} had its last row before it at "
                + $"{TimeText.Cell(silence.LastMs)}.{silence.LastMs % 1_000:000}, its first after it at "
                + $"{TimeText.Cell(silence.FirstMs)}.{silence.FirstMs % 1_000:000} UTC");
    }
}
