using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>What a <see cref="RouterDriver"/> wants done. Nothing here calls back into it at once.</summary>
interface IRouterEnvironment
{
    /// <summary>The time of this node, ms, for its own waits and limits; it never goes back.</summary>
    long NowMs { get; }

    /// <summary>
    /// The join's clock, ms since the epoch, to which event times are compared: that of the journal's database
    /// (<see cref="Shards.Journal.JoinClock"/>). On a node it never goes back.
    /// </summary>
    long ClockMs { get; }

    /// <summary>Steers the source; null until the source is there.</summary>
    IChunkControl? Control { get; }

    /// <summary>
    /// Whether there is more than this node: then messages may cross the network, whose frames have a limit.
    /// </summary>
    bool AreSeveral { get; }

    /// <summary>The names of the nodes beside this one.</summary>
    IReadOnlyCollection<string> Others { get; }

    /// <summary>Sends a message, or a part of one, to its key group.</summary>
    void Send(IKeyGroupMessage message);

    /// <summary>Sends ticks to every key group that runs.</summary>
    void SendToAll(NodeTicks ticks);

    /// <summary>Tells each other node the watermark of this one.</summary>
    void TellOthers(NodeWatermark watermark);

    /// <summary>Everything is done.</summary>
    void Complete();

    /// <summary>The join cannot go on.</summary>
    void Fail(Exception reason);
}
