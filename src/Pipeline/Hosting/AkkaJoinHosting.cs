using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using AkkaJoin.Pipeline.Clustering;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;

namespace AkkaJoin.Pipeline.Hosting;

/// <summary>Adds AkkaJoin to an application that has an actor system of its own.</summary>
public static class AkkaJoinHosting
{
    /// <summary>
    /// Runs the joins of a configuration file in the application's actor system, which has to be part of a cluster (of
    /// one node, while the journal is SQLite):
    /// <code>
    /// builder.WithRemoting("127.0.0.1", 0).WithClustering().WithAkkaJoin("akkajoin.conf")
    /// </code>
    /// They start as soon as the actor system is a member and no other cluster has the journal. They drain in its
    /// coordinated shutdown, before the service stops taking requests. Where the application does not set them, the
    /// values that decide how soon a dead node's key groups run elsewhere are those of the program: the failure
    /// detector, the split brain resolver as downing provider, and its time to be stable.
    /// </summary>
    /// <param name="builder">The actor system's configuration.</param>
    /// <param name="configFile">
    /// The configuration file, as <c>akkajoin run -c</c> takes it. Sections outside <c>akkajoin</c> are ignored.
    /// </param>
    /// <param name="failed">
    /// Told the join's name and the reason when a join cannot start or go on, a journal that does not open included;
    /// the others run on, and so does the application, which decides what follows. Null = the reason is logged as an
    /// error.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <exception cref="UserException">
    /// The file is missing, unreadable or wrong; the message names each mistake with its line.
    /// </exception>
    public static AkkaConfigurationBuilder WithAkkaJoin(
        this AkkaConfigurationBuilder builder, string configFile, Action<string, Exception>? failed = null)
    {
        return Add(builder, ConfigReader.ReadFile(configFile), new JoinFailures(failed), static (_, _) => { });
    }

    /// <summary>Runs the joins of a configuration in an application's actor system.</summary>
    /// <param name="builder">The actor system's configuration.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="failures">Told of joins that cannot start or go on.</param>
    /// <param name="started">
    /// Told of the joins when the actor system starts; not where their journal does not open.
    /// </param>
    /// <param name="parts">What the application takes and gives in place of topics; null = nothing.</param>
    internal static AkkaConfigurationBuilder Add(
        AkkaConfigurationBuilder builder,
        LoadedConfig config,
        JoinFailures failures,
        Action<ActorSystem, EmbeddedJoins> started,
        ApplicationParts? parts = null)
    {
        var settings = config.Settings;
        builder.StartActors((system, _) => HostingLog.Configuration(system.Log, config.Warnings));
        JoinJournal journal;
        try
        {
            journal = JournalOpener.Open(settings.Journal);
        }
        catch (JournalException e)
        {
            return builder.StartActors((system, _) => failures.Report(system, [.. settings.Joins.Select(join => join.Name)], e));
        }

        builder.AddSetup(journal.Setup());
        builder.AddHocon(ClusterTuning.ShardingFor(builder.Configuration.GetOrElse(Config.Empty)), HoconAddMode.Prepend);
        builder.AddHocon(
            journal.Config()
                .WithFallback(KeyGroupRegion.Serialization)
                .WithFallback(ShutdownPhases.Config(settings.Joins))
                .WithFallback(ClusterTuning.Failover)
                .WithFallback(ClusterTuning.Sharding),
            HoconAddMode.Append);
        builder.AddHocon(FormatAnnouncement.Config(builder.Configuration.GetOrElse(Config.Empty)), HoconAddMode.Prepend);
        return builder.StartActors((system, _) => started(
            system, EmbeddedJoins.Start(system, settings, journal, failures, parts ?? ApplicationParts.None)));
    }
}
