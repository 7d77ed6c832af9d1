namespace AkkaJoin.Shards.Protocol;

/// <summary>What a tick speaks of. The numbers are part of journals. This version writes <see cref="Records"/> alone and takes the others for it.</summary>
enum TickKind : byte
{
    /// <summary>The watermark of the records below the offset.</summary>
    Records = 0,

    /// <summary>The partition was idle at this offset, in this generation; its watermark is the wall clock's.</summary>
    IdleClock = 1,

    /// <summary>The partition was idle at this offset, in this generation, and is left out of its side's minimum.</summary>
    IdleExcluded = 2,
}
