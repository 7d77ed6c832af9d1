using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Chaos;

/// <summary>How a made workload moves: decided once for a run and all that resume it.</summary>
static class WorkloadPace
{
    /// <summary>In so many seconds of the run a left's partners have all passed.</summary>
    const double WindowSeconds = 15;

    const long DayMs = 86_400_000, KeysMin = 1_000, KeysMax = 10_000_000;
    const double LeftShare = 0.6;

    /// <summary>The identity of a new run.</summary>
    internal static RunIdentity Decide(ChaosOptions options, JoinSettings join, int nodes, long nowMs)
    {
        var reach = Math.Max(Math.Abs((double)join.BeforeMs), Math.Abs((double)join.AfterMs)) + join.MaxOutOfOrdernessMs;
        // A window of centuries passes in no run: event time stays within the last twenty years.
        var most = 20.0 * 365 * DayMs / (Math.Max(options.Minutes, 1) * 60_000 * 3);
        var speed = Math.Clamp(reach / (WindowSeconds * 1_000), 1, most);
        var spanMs = options.Minutes * 60_000 * speed;
        var start = (long)(nowMs - (3 * spanMs)) - DayMs;
        var step = 1_000.0 / options.Rate * speed;

        // About one left of each key rests in the window, so that a right meets about one by chance.
        var window = Math.Min((double)join.BeforeMs + join.AfterMs, spanMs);
        var keys = (long)Math.Clamp(window / step * LeftShare, KeysMin, KeysMax);
        var files = options.Input is { } input ? new[] { Path.GetFullPath(input.Left), Path.GetFullPath(input.Right) } : null;
        return new RunIdentity(options.Seed, join.Name, start / 1_000 * 1_000, step, keys, nodes, files);
    }
}
