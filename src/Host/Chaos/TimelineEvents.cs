namespace AkkaJoin.Host.Chaos;

/// <summary>The words of <see cref="TimelineEntry.Event"/> that something reads again.</summary>
static class TimelineEvents
{
    internal const string
        Part = "part",
        Started = "started",
        Running = "running",
        Fault = "fault",
        Ended = "ended",
        Woken = "woken",
        Silence = "silence",
        Fed = "fed",
        Closed = "closed",
        Said = "said",
        Verdict = "verdict";
}
