using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>What a <see cref="RouterDriver"/> wants done. Nothing here calls back into it at once, but for
/// <see cref="RouterDriver.TakeCommit"/>.</summary>
interface IRouterHands
{
    /// <summary>The time, ms; it never goes back.</summary>
    long NowMs { get; }

    /// <summary>Steers the source; null until the source is there.</summary>
    IChunkControl? Control { get; }

    /// <summary>Whether there is more than this node: then messages may cross the network, whose frames have a limit.</summary>
    bool AreSeveral { get; }

    /// <summary>The names of the nodes beside this one.</summary>
    IReadOnlyCollection<string> Others { get; }

    /// <summary>Sends a message, or a part of one, to its key group.</summary>
    void Send(IGroupMessage message);

    /// <summary>Sends ticks to every key group that runs.</summary>
    void SendToAll(NodeTicks ticks);

    /// <summary>Tells each other node of this one's time.</summary>
    void TellOthers(NodeFloor floor);

    /// <summary>There is something for <see cref="RouterDriver.TakeCommit"/>.</summary>
    void OfferCommit();

    /// <summary>Everything is done.</summary>
    void Complete();

    /// <summary>The join cannot go on.</summary>
    void Fail(Exception reason);
}
