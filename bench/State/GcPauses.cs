namespace AkkaJoin.Bench.State;

/// <summary>How long the GC holds the threads. <see cref="Look"/> must be called often: the runtime remembers the last collections alone.</summary>
sealed class GcPauses
{
    readonly TimeSpan _before = GC.GetTotalPauseDuration();
    readonly long[] _seen = new long[4];

    internal GcPauses() => Look();

    /// <summary>The longest pause.</summary>
    internal TimeSpan Longest { get; private set; }

    /// <summary>All pauses together.</summary>
    internal TimeSpan Total => GC.GetTotalPauseDuration() - _before;

    /// <summary>Takes in what happened since the last call.</summary>
    internal void Look()
    {
        foreach (var kind in (ReadOnlySpan<GCKind>)[GCKind.Ephemeral, GCKind.FullBlocking, GCKind.Background])
        {
            var info = GC.GetGCMemoryInfo(kind);
            var isFirst = _seen[(int)kind] == 0;
            if (info.Index == _seen[(int)kind] && !isFirst)
                continue;
            _seen[(int)kind] = Math.Max(1, info.Index);
            foreach (var pause in info.PauseDurations)
                Longest = !isFirst && pause > Longest ? pause : Longest;
        }
    }
}
