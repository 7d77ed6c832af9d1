using Akka.Actor;

namespace AkkaJoin.Cockpit.Questions;

/// <summary>Where a key group lives.</summary>
/// <param name="Group">The key group.</param>
/// <param name="Node">The node that has its shard.</param>
/// <param name="HasKeyGroup">
/// Whether the group itself is there too, and can be asked; it may still be recovering.
/// </param>
sealed record KeyGroupLocation(int Group, Address Node, bool HasKeyGroup)
{
    /// <summary>Whether its node can be asked.</summary>
    internal bool IsReachable { get; init; } = true;
}
