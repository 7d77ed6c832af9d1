using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Cluster roles of AkkaJoin's own. Nodes that run a join bear its role: its key groups live on no others.
/// </summary>
static class NodeRoles
{
    const string Prefix = "akkajoin-";

    /// <summary>The role of the nodes that run a join.</summary>
    internal static string Of(string join) => Prefix + join;

    /// <summary>What a node announces.</summary>
    internal static IEnumerable<string> All(IEnumerable<JoinSettings> joins, EngineOptions options) =>
        [.. joins.Select(join => Of(join.Name)), FormatVersions.Role, .. options.Bounded ? [BoundedRunGuard.Role] : Array.Empty<string>()];

    /// <summary>Whether a role is AkkaJoin's: of a join, of a format, or of a bounded run.</summary>
    internal static bool IsOwn(string role) => JoinOf(role) is not null || FormatVersions.IsRole(role) || role == BoundedRunGuard.Role;

    /// <summary>The join that a role stands for; null where it is the user's own.</summary>
    internal static string? JoinOf(string role) => role.StartsWith(Prefix, StringComparison.Ordinal) ? role[Prefix.Length..] : null;
}
