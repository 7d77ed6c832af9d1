using Akka.Actor;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Notices that an actor which a join stands on has ended though nothing told the node to stop: then the join would stand still, or lose its place, and
/// say nothing. Akka starts such an actor again only where it has failed.
/// </summary>
/// <param name="system">The actor system; its own end is no failure of a part.</param>
/// <param name="isEnding">Whether the join ends.</param>
/// <param name="fatal">Told of it.</param>
/// <param name="grace">
/// How long whatever ended the part may take to say so: a node that was given up loses its parts before its shutdown begins. Null = the usual.
/// </param>
sealed class PartWatch(ActorSystem system, Func<bool> isEnding, Action<Exception> fatal, TimeSpan? grace = null)
{
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>Watches a part for as long as it lives.</summary>
    /// <param name="part">The actor.</param>
    /// <param name="what">What it is, for the message.</param>
    internal async Task WatchAsync(IActorRef part, string what)
    {
        if (!await part.WatchAsync() || IsEnding())
            return;
        await Task.WhenAny(Task.Delay(grace ?? Grace), system.WhenTerminated);
        if (!IsEnding())
            fatal(Ended(what));
    }

    bool IsEnding() => isEnding() || system.WhenTerminated.IsCompleted || CoordinatedShutdown.Get(system).ShutdownReason is not null;

    /// <summary>That a part has ended which nobody told to.</summary>
    internal static UserException Ended(string what) =>
        new($"{what} has ended though nothing told this node to stop. Nothing is lost; start it again, and report what its log says before this", 1);
}
