using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;

namespace AkkaJoin.Bench.Parts;

/// <summary>Actor systems without a cluster, with the journal's real settings where there is one.</summary>
static class LocalSystem
{
    static readonly Config Quiet = ConfigurationFactory.ParseString("akka { loglevel = WARNING, log-dead-letters = off }");

    internal static ActorSystem Create() => ActorSystem.Create("bench", Quiet);

    internal static ActorSystem Create(JoinJournal journal)
    {
        var config = Quiet.WithFallback(journal.Config()).WithFallback(KeyGroupRegion.Serialization);
        return ActorSystem.Create("bench", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), journal.Setup()));
    }
}
