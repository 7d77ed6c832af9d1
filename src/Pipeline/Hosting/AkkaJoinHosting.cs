using Akka.Configuration;
using Akka.Hosting;
using AkkaJoin.Pipeline.Clustering;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;

namespace AkkaJoin.Pipeline.Hosting;

/// <summary>Adds AkkaJoin to an application that has an actor system of its own.</summary>
public static class AkkaJoinHosting
{
    /// <summary>
    /// Runs the joins of a configuration file in the application's actor system, which has to be part of a cluster (of one node, while
    /// the journal is SQLite): <c>builder.WithRemoting("127.0.0.1", 0).WithClustering().WithAkkaJoin("akkajoin.conf")</c>. They start as soon as
    /// the actor system is a member and no other cluster has the journal, and drain in its coordinated shutdown, before the service stops taking
    /// requests. What decides how soon a dead node's key groups run elsewhere is set as in the program where the application says nothing of it:
    /// the failure detector, the split brain resolver as downing provider, and its time to be stable.
    /// </summary>
    /// <param name="builder">The actor system's configuration.</param>
    /// <param name="configFile">The configuration file, as <c>akkajoin run -c</c> takes it. What it says outside <c>akkajoin</c> is ignored.</param>
    /// <param name="failed">
    /// Told the join's name and the reason when a join cannot start or go on, a journal that does not open included; the others run on, and so
    /// does the application, which decides what follows. Null = the reason is logged as an error.
    /// </param>
    /// <exception cref="ConfigException">The file is missing, unreadable or wrong.</exception>
    public static AkkaConfigurationBuilder WithAkkaJoin(
        this AkkaConfigurationBuilder builder, string configFile, Action<string, Exception>? failed = null)
    {
        var settings = ConfigReader.ReadFile(configFile).Settings;
        var failures = new JoinFailures(failed);
        JoinJournal journal;
        try
        {
            journal = JournalOpener.Open(settings.Journal);
        }
        catch (JournalException e)
        {
            return builder.StartActors((system, _) => settings.Joins.ToList().ForEach(join => failures.Report(system, join.Name, e)));
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
        return builder.StartActors((system, _) => EmbeddedJoins.Start(system, settings, journal, failures));
    }
}
