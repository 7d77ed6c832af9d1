namespace AkkaJoin.Shards.KeyGroups;

/// <summary>Why a key group's shell stops of itself.</summary>
enum StopReason
{
    /// <summary>Its recovery does not count: another incarnation wrote meanwhile. It begins again.</summary>
    Overtaken,

    /// <summary>It was told to, and a successor has nothing to do again.</summary>
    Settled,

    /// <summary>It was told to, and has waited for the broker and the journal as long as it may.</summary>
    Unsettled,
}
