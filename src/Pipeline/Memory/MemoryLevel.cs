namespace AkkaJoin.Pipeline.Memory;

/// <summary>How near the process is to its memory budget, and so what is still read.</summary>
enum MemoryLevel
{
    /// <summary>Everything.</summary>
    Normal,

    /// <summary>Of each join the partition that is furthest behind in event time alone: what it brings lets time pass, and the state shrink.</summary>
    Near,

    /// <summary>Nothing.</summary>
    Full,
}
