namespace AkkaJoin.Shards.Definition;

/// <summary>
/// What a partition at the end of its log with nothing new does to time. The names are part of the journaled definition. Only
/// <see cref="Wait"/> is acted upon by this version.
/// </summary>
public enum IdlePolicy : byte
{
    /// <summary>Time stands still until it has records again.</summary>
    Wait = 0,

    /// <summary>Its watermark follows the wall clock minus max-out-of-orderness.</summary>
    WallClock = 1,

    /// <summary>It is left out of its side's minimum.</summary>
    Exclude = 2,
}
