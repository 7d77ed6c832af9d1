namespace AkkaJoin.Shards.Definition;

/// <summary>What happens to a record whose time lies below its own side's watermark.</summary>
public enum LatePolicy : byte
{
    /// <summary>It joins what is still held, never gives an unmatched row, and a copy goes to the late topic.</summary>
    Join = 0,

    /// <summary>It goes to the late topic alone.</summary>
    Drop = 1,
}
