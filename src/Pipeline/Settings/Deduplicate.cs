namespace AkkaJoin.Pipeline.Settings;

/// <summary>What happens to rows that may be in the output topic already when a key group starts anew.</summary>
public enum Deduplicate
{
    /// <summary>They are written again, with the ids they have: at least once.</summary>
    Off,

    /// <summary>The ids at the tail of the output partitions are read, and what is there is not written again.</summary>
    Tail,
}
