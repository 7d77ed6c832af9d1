using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Chaos;

/// <summary>What the timeline of earlier parts says to the next one.</summary>
sealed class PastRun
{
    // Progress is noted every second; what was fed after the last note is not known. Left out twice over, nothing is
    // fed twice.
    const int SecondsUnknown = 3;

    readonly List<OwnedProcess> _started = [];
    readonly List<Freeze> _freezes = [];

    /// <param name="path">The timeline.</param>
    /// <exception cref="UserException">It is none.</exception>
    internal PastRun(string path)
    {
        var entries = Timeline.Read(path);
        Identity = entries.FirstOrDefault(e => e.Run is not null)?.Run
            ?? throw new UserException($"{path} is no timeline of a run", ExitCodes.Failed);
        Part = entries.Count(e => e.Event == TimelineEvents.Part);
        foreach (var entry in entries)
        {
            Fed = Math.Max(Fed, entry.Events ?? 0);
            LateBelowLeft = entry.LateBelowLeft ?? LateBelowLeft;
            LateBelowRight = entry.LateBelowRight ?? LateBelowRight;
            if (entry.FrozenAt is { } frozenAt)
                _freezes.Add(new Freeze(frozenAt, entry.Utc));
            if (entry is { Event: TimelineEvents.Started or TimelineEvents.Running, Process: { } id, Mark: { } mark })
                _started.Add(new OwnedProcess(id, mark));
        }
    }


    internal RunIdentity Identity { get; }

    /// <summary>How many parts there were.</summary>
    internal int Part { get; }

    /// <summary>Events that are known to have been fed.</summary>
    internal long Fed { get; }

    /// <summary>When nodes were frozen.</summary>
    internal IReadOnlyList<Freeze> Freezes => _freezes;

    /// <summary>Below this lefts are late, or null.</summary>
    internal long? LateBelowLeft { get; }

    /// <summary>Below this rights are late, or null.</summary>
    internal long? LateBelowRight { get; }

    /// <summary>Processes of this run that an end without warning left behind.</summary>
    internal IEnumerable<OwnedProcess> LeftBehind => _started.Where(p => p.IsAlive);

    /// <summary>The number of the first event that was certainly not fed.</summary>
    internal long NextEvent(int rate) => Fed + ((long)SecondsUnknown * rate);
}
