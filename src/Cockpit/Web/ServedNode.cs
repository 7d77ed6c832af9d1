using AkkaJoin.Cockpit.Access;
using AkkaJoin.Cockpit.Nodes;

namespace AkkaJoin.Cockpit.Web;

/// <summary>What the paths work on.</summary>
/// <param name="Node">The node.</param>
/// <param name="Access">Who may ask it.</param>
sealed record ServedNode(CockpitNode Node, AccessControl Access);
