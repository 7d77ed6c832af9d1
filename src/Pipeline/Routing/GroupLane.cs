namespace AkkaJoin.Pipeline.Routing;

/// <summary>The way to one key group: what waits to be sent, and what was sent and is not acknowledged.</summary>
sealed class GroupLane(int group)
{
    internal int Group { get; } = group;

    /// <summary>In the order in which they were sent.</summary>
    internal List<SentMessage> InFlight { get; } = [];

    /// <summary>Side partitions with records that wait, in the order in which the first of them came.</summary>
    internal List<(SourcePartition Owner, SidePartition Partition)> Open { get; } = [];

    /// <summary>Bytes that wait, about.</summary>
    internal long OpenBytes { get; set; }

    /// <summary>When the first of what waits came.</summary>
    internal long OpenSinceMs { get; set; }

    /// <summary>The group's events that all it acknowledged rests on.</summary>
    internal AcknowledgedEvents Acknowledged { get; } = new();

    /// <summary>When the group was last asked how far it is with what it had acknowledged.</summary>
    internal long AskedAtMs { get; set; } = long.MinValue / 2;

    /// <summary>When the lane was last sent again.</summary>
    internal long ResentAtMs { get; set; }
}
