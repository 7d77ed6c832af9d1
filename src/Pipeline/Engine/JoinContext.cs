using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using AkkaJoin.Pipeline.Memory;
using AkkaJoin.Pipeline.RowReading;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Sources;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>One join, and what the node gives it to run with.</summary>
/// <param name="System">The actor system. The join does not own it.</param>
/// <param name="Kafka">The brokers.</param>
/// <param name="Join">The join's settings.</param>
/// <param name="Journal">The journal; its plugins are in the system's configuration.</param>
/// <param name="Options">How to run.</param>
/// <param name="Role">The cluster role of the nodes that run the join; null = all nodes do.</param>
/// <param name="Memory">The memory of the process, shared by its joins. Its creator disposes it.</param>
sealed record JoinContext(
    ActorSystem System, KafkaSettings Kafka, JoinSettings Join, JoinJournal Journal, EngineOptions Options, string? Role, NodeMemory Memory)
{
    /// <summary>Takes the rows of <c>output.to = source</c>; null = they go to Kafka.</summary>
    internal RowOutlet? Rows { get; init; }

    /// <summary>The sources of the application; none where a program runs the join.</summary>
    internal IReadOnlyList<IRecordSource> Sources { get; init; } = [];

    /// <summary>The join's name.</summary>
    internal string Name => Join.Name;

    /// <summary>The cluster that the node is a member of, or is going to be.</summary>
    internal Cluster Cluster { get; } = Cluster.Get(System);

    /// <summary>The join's log.</summary>
    internal ILoggingAdapter Log { get; } = Logging.GetLogger(System, $"AkkaJoin({Join.Name})");
}
