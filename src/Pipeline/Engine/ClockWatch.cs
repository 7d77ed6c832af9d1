using Akka.Event;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Reads the clock of the journal's database once in a while, and says where this machine's clock differs from it. Of
/// the joins of a node, which have one journal, one does so at a time.
/// </summary>
sealed class ClockWatch(JoinJournal journal, string join, ILoggingAdapter log)
{
    // How often it looks whether the clock is to be read.
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Runs until it is stopped.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await LookAsync(stopping);
            await Pause.ForAsync(Interval, stopping);
        }
    }

    /// <summary>Reads the clock, if it is time to.</summary>
    internal async Task LookAsync(CancellationToken stopping)
    {
        var clock = journal.Clock;
        if (!clock.TryBeginReading())
            return;
        try
        {
            await journal.ReadClockAsync(stopping);
        }
        catch (JournalException e)
        {
            if (clock.TryTellSilence())
                EngineLog.ClockIsNotRead(log, join, e.Message);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }

        if (clock.TryTellDifference())
            EngineLog.ClocksDiffer(log, join, journal.Location, clock.DifferenceMs!.Value);
    }
}
