using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Serialization;

namespace AkkaJoin.Shards.Serialization;

/// <summary>
/// The system messages (22) that one node sends another: watching, and that what was watched has ended. The others
/// (Create, Recreate, Resume, Failed with their causes, Supervise, Suspend, Terminate) are between an actor and its
/// parent, and parents are on the same node, since nothing is deployed elsewhere.
/// </summary>
static class SystemMessages
{
    const int Id = 22;
    static readonly Type[] Taken = [typeof(Watch), typeof(Unwatch), typeof(DeathWatchNotification)];

    internal static GuardedSerializer Guard(ExtendedActorSystem system)
    {
        var akka = new SystemMessageSerializer(system);
        return new GuardedSerializer(system, Id, Taken.ToDictionary(
            type => $"{type.FullName}, {type.Assembly.GetName().Name}",
            type => (Func<byte[], object>)(bytes => akka.FromBinary(bytes, type))));
    }
}
