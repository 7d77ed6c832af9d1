using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Memory;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;

namespace AkkaJoin.Pipeline.Hosting;

/// <summary>Adds AkkaJoin to an application that has an actor system of its own.</summary>
public static class AkkaJoinHosting
{
    /// <summary>
    /// Runs the joins of a configuration file in the application's actor system, which has to be part of a cluster (of one node, while
    /// the journal is SQLite): <c>builder.WithRemoting("127.0.0.1", 0).WithClustering().WithAkkaJoin("akkajoin.conf")</c>. They start with
    /// the actor system and drain in its coordinated shutdown, before the service stops taking requests.
    /// </summary>
    /// <param name="builder">The actor system's configuration.</param>
    /// <param name="configFile">The configuration file, as <c>akkajoin run -c</c> takes it. What it says outside <c>akkajoin</c> is ignored.</param>
    /// <param name="failed">
    /// Told the join's name and the reason when a join cannot go on; the others run on. Null = the reason is logged as an error.
    /// </param>
    /// <exception cref="ConfigException">The file is missing, unreadable or wrong.</exception>
    /// <exception cref="JournalException">The journal cannot be opened, or another process uses it.</exception>
    public static AkkaConfigurationBuilder WithAkkaJoin(
        this AkkaConfigurationBuilder builder, string configFile, Action<string, Exception>? failed = null)
    {
        var config = ConfigReader.ReadFile(configFile);
        var journal = JournalOpener.Open(config.Settings.Journal);
        builder.AddSetup(journal.Setup());
        builder.AddHocon(
            journal.Config().WithFallback(KeyGroupRegion.Serialization).WithFallback(ShutdownPhases.Config(config.Settings.Joins)), HoconAddMode.Append);
        builder.AddHocon(FormatAnnouncement.Config(builder.Configuration.GetOrElse(Config.Empty)), HoconAddMode.Prepend);
        return builder.StartActors(async (system, _) =>
        {
            var memory = new NodeMemory(config.Settings.Memory);
            system.WhenTerminated.ContinueWith(_ => memory.Dispose(), TaskScheduler.Default).Forget();
            system.WhenTerminated.ContinueWith(_ => journal.Dispose(), TaskScheduler.Default).Forget();
            FormatAnnouncement.Check(system);
            foreach (var join in new JoinChain(config.Settings.Joins).InOrder)
                await StartAsync(system, config.Settings, join, journal, memory, failed);
        });
    }

    static async Task StartAsync(
        ActorSystem system, AkkaJoinSettings settings, JoinSettings join, JoinJournal journal, NodeMemory memory, Action<string, Exception>? failed)
    {
        var engine = await JoinEngine.PrepareAsync(system, settings.Kafka, join, journal, new EngineOptions(), memory: memory);
        await engine.StartAsync();
        ShutdownPhases.Add(system, engine);
        engine.Completion.ContinueWith(
            ended => Report(system, join.Name, ended.Exception!.GetBaseException(), failed),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default).Forget();
    }

    static void Report(ActorSystem system, string join, Exception reason, Action<string, Exception>? failed)
    {
        if (failed is not null)
            failed(join, reason);
        else
            PipelineLog.Failed(system.Log, join, reason);
    }

    static void Forget(this Task task) => _ = task;
}
