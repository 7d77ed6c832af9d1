namespace AkkaJoin.Shards.Definition;

/// <summary>Whom an attribution join credits a left to.</summary>
public enum Credit : byte
{
    /// <summary>The first right that can have it, by (time, id, partition, offset).</summary>
    First = 0,

    /// <summary>Each right that can have it.</summary>
    Every = 1,
}
