namespace AkkaJoin.Pipeline.Routing;

/// <summary>Where a source partition is in its life.</summary>
enum PartitionPhase
{
    /// <summary>Every key group is asked how far it is; nothing is read yet.</summary>
    Asking,

    /// <summary>Records are read.</summary>
    Reading,

    /// <summary>It goes to another consumer; what is in flight is waited for.</summary>
    Leaving,
}
