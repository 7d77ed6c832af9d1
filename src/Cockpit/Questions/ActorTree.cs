using Akka.Actor;
using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Questions;

/// <summary>
/// The actors of this node. They are read while they run and asked nothing, so the tree is of no single moment.
/// </summary>
static class ActorTree
{
    /// <summary>How many actors are shown.</summary>
    internal const int ActorsMax = 1_000;

    internal const int DepthStandard = 3, DepthMax = 50;

    /// <summary>The actors at a path and below it.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="path">Such as /user, with or without the node's address; / = all.</param>
    /// <param name="depth">How far below it.</param>
    /// <exception cref="CommandException">There is no such actor.</exception>
    internal static ActorTreeReport Of(ActorSystem system, string path, int depth)
    {
        var found = new List<ActorReport>();
        var isWhole = Add(Find((ExtendedActorSystem)system, path), 0, depth, found);
        return new ActorTreeReport(found, !isWhole);
    }

    static ActorRefWithCell Find(ExtendedActorSystem system, string path)
    {
        var actor = system.Provider.RootGuardian as ActorRefWithCell;
        var walked = "/";
        foreach (var name in NamesOf(path))
        {
            if (actor is not null && actor.GetSingleChild(name) is ActorRefWithCell child)
                (actor, walked) = (child, child.Path.ToStringWithoutAddress());
            else
                throw new CommandException($"there is no actor '{name}' below {walked}");
        }

        return actor ?? throw new CommandException("the actors of this node cannot be read");
    }

    static string[] NamesOf(string path)
    {
        var names = ActorPath.TryParse(path, out var whole) ? whole.ToStringWithoutAddress() : path;
        return names.Split('/', StringSplitOptions.RemoveEmptyEntries);
    }

    // False where the limit has cut some off.
    static bool Add(ActorRefWithCell actor, int at, int depth, List<ActorReport> found)
    {
        if (found.Count == ActorsMax)
            return false;
        var cell = actor.Underlying;
        found.Add(new ActorReport(actor.Path.ToStringWithoutAddress(), at, cell.Props.Type?.Name ?? "", cell.NumberOfMessages));
        var children = actor.Children.OfType<ActorRefWithCell>().OrderBy(child => child.Path.Name, StringComparer.Ordinal).ToList();
        return at == depth || children.TrueForAll(child => Add(child, at + 1, depth, found));
    }
}
