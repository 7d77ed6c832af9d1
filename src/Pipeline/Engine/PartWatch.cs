using Akka.Actor;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Notices that an actor which a join needs has ended, though nothing told the node to stop. Without it the join would
/// stand still in silence. Akka restarts such an actor only where it has failed.
/// </summary>
/// <param name="system">The actor system. When it ends, its actors end too, which is no failure.</param>
/// <param name="isEnding">Whether the join is ending.</param>
/// <param name="fatal">Told that an actor has ended.</param>
/// <param name="grace">
/// How long to wait for the reason to show: a node that was given up loses its actors before its shutdown begins. Null
/// = the usual.
/// </param>
sealed class PartWatch(ActorSystem system, Func<bool> isEnding, Action<Exception> fatal, TimeSpan? grace = null)
{
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>Watches a part for as long as it lives.</summary>
    /// <param name="part">The actor.</param>
    /// <param name="what">Its name in the message.</param>
    internal async Task WatchAsync(IActorRef part, string what)
    {
        if (!await part.WatchAsync() || IsEnding())
            return;
        await Task.WhenAny(Task.Delay(grace ?? Grace), system.WhenTerminated);
        if (!IsEnding())
            fatal(Ended(what));
    }

    bool IsEnding() => isEnding() || system.WhenTerminated.IsCompleted || CoordinatedShutdown.Get(system).ShutdownReason is not null;

    /// <summary>The failure of a part that has ended though nobody told it to.</summary>
    internal static UserException Ended(string what) =>
        new($"{what} has ended though nothing told this node to stop. Nothing is lost; start it again, and report what its log "
            + "says before this", 1);
}
