using System.Globalization;

namespace AkkaJoin.Shards.Serialization;

/// <summary>
/// The formats that a node writes, as one number, which each announces as a role of the cluster. All write the lowest that any of them announces: as
/// long as a node of an older release is among them, nothing is journaled or sent that it could not read, and the cluster can be rolled back to it.
/// <para>
/// 1: the first releases; embedded nodes announced nothing. 2: an event has a checksum and names incarnations (<see cref="Journal.EventCodec"/>);
/// messages name the events that they rest on; numbers are journaled exactly, and definitions may hold conditions that format 1 does not know.
/// </para>
/// </summary>
static class FormatVersions
{
    /// <summary>The newest format that this program reads and writes.</summary>
    internal const byte Newest = 2;

    /// <summary>The oldest format that this program still writes; it reads every one there ever was.</summary>
    internal const byte Oldest = 1;

    /// <summary>From this one on events have a checksum and name incarnations, and numbers and conditions may be what format 1 does not know.</summary>
    internal const byte Incarnations = 2;

    const string RolePrefix = "akkajoin.format.";

    /// <summary>The role by which a node announces its newest format.</summary>
    internal static string Role { get; } = RolePrefix + Newest.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a role announces a format.</summary>
    internal static bool IsRole(string role) => role.StartsWith(RolePrefix, StringComparison.Ordinal);

    /// <summary>The format to write.</summary>
    /// <param name="members">
    /// The roles of each member that may run the join. One that announces nothing counts as <see cref="Oldest"/>: embedded nodes of the first releases
    /// announced nothing. So does a cluster of which nothing is known yet.
    /// </param>
    internal static byte Lowest(IEnumerable<IEnumerable<string>> members) =>
        Math.Min(Newest, members.Select(Of).DefaultIfEmpty(Oldest).Min());

    // The highest that a member announces; a number that is none is an older program's mistake, not a newer one's.
    static byte Of(IEnumerable<string> roles) => roles
        .Where(IsRole)
        .Select(role => byte.TryParse(role.AsSpan(RolePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : Oldest)
        .Append(Oldest)
        .Max();
}
