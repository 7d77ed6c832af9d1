using System.Globalization;
using System.Text;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Host.Judging;

/// <summary>How far bounded runs closed time by themselves, beyond what the records say.</summary>
/// <param name="Left">The left side's watermark at the end of the last run, ms since the epoch; null = what the records say.</param>
/// <param name="Right">The right side's watermark at the end of the last run, ms since the epoch; null = what the records say.</param>
public sealed record ClosedThrough(long? Left, long? Right)
{
    /// <summary>
    /// What the journal says of it; null where no bounded run closed time, or the journal is not here. Watermarks never go back, so it
    /// stays true whatever ran since.
    /// </summary>
    /// <exception cref="JournalException">The journal cannot be read.</exception>
    public static ClosedThrough? Read(JournalSettings settings, string join)
    {
        using var journal = JournalOpener.OpenForReading(settings);
        if (journal?.Get(join, CatalogNames.ClosedThrough) is not { } value)
            return null;
        var both = Encoding.UTF8.GetString(value).Split(' ');
        return new ClosedThrough(long.Parse(both[0], CultureInfo.InvariantCulture), long.Parse(both[1], CultureInfo.InvariantCulture));
    }
}
