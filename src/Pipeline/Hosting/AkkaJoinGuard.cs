using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Hosting;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Serialization;

namespace AkkaJoin.Pipeline.Hosting;

/// <summary>
/// Lets an actor system take from the network nothing but what a cluster with sharding and AkkaJoin send.
/// </summary>
public static class AkkaJoinGuard
{
    sealed class GuardSetup : Setup;

    /// <summary>
    /// Without it whoever reaches the port of an actor system runs code in it: Akka's serializers make any type that a
    /// message names. With it the actor system takes the messages of Akka's cluster, sharding and watching, those of
    /// AkkaJoin, and those whose serializers are the application's own, with an identifier of 100 or more; everything
    /// else is refused, when it is written and when it is read, events and snapshots of the application too. So every
    /// type that the application sends to other nodes, or persists, needs such a serializer. <c>akkajoin run</c> always
    /// has it.
    /// </summary>
    /// <param name="builder">The actor system's configuration.</param>
    public static AkkaConfigurationBuilder WithAkkaJoinGuard(this AkkaConfigurationBuilder builder)
    {
        foreach (var (name, types, create) in WireGuard.Serializers())
            builder.WithCustomSerializer(name, types, create);

        // Each of them stands in for one of Akka's, which Akka would warn of.
        return builder
            .AddHocon("akka.log-serializer-override-on-start = off", HoconAddMode.Prepend)
            .AddHocon(KeyGroupRegion.Serialization, HoconAddMode.Append)
            .AddSetup(new GuardSetup());
    }

    /// <summary>Whether an actor system has the guard.</summary>
    internal static bool IsGuarded(ActorSystem system) => system.Settings.Setup.Get<GuardSetup>().HasValue;
}
