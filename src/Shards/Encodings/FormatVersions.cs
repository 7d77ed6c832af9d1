using System.Globalization;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.Encodings;

/// <summary>
/// The formats that a node writes, as one number, which each announces as a role of the cluster. All nodes write the
/// lowest format that any of them announces. So a node of an older release can read whatever is journaled or sent, and
/// the cluster can be rolled back to that release.
/// <para>
/// 1: the first releases; embedded nodes announced nothing. 2: an event has a checksum and names incarnations
/// (<see cref="Journal.EventCodec"/>); messages name the events that they are based on; numbers are journaled exactly,
/// and definitions may hold conditions that format 1 does not know. 3: an event may say more of time than the
/// watermarks of records, and an acknowledgement too.
/// </para>
/// </summary>
static class FormatVersions
{
    /// <summary>The newest format that this program reads and writes.</summary>
    internal const byte Newest = JoinTime;

    /// <summary>The oldest format that this program still writes; it reads every one there ever was.</summary>
    internal const byte Oldest = 1;

    /// <summary>
    /// From this one on events have a checksum and name incarnations, and numbers and conditions may be what format 1
    /// does not know.
    /// </summary>
    internal const byte Incarnations = 2;

    /// <summary>
    /// From this one on events may say what else moves or stops time. A program of an earlier format refuses such
    /// events, and must not apply them without what they say.
    /// </summary>
    internal const byte JoinTime = 3;

    const string RolePrefix = "akkajoin.format.";

    /// <summary>The role by which a node announces its newest format.</summary>
    internal static string Role { get; } = RolePrefix + Newest.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a role announces a format.</summary>
    internal static bool IsRole(string role) => role.StartsWith(RolePrefix, StringComparison.Ordinal);

    /// <summary>The format to write.</summary>
    /// <param name="members">
    /// The roles of each member that may run the join. One that announces nothing counts as <see cref="Oldest"/>:
    /// embedded nodes of the first releases announced nothing. So does a cluster of which nothing is known yet.
    /// </param>
    internal static byte Lowest(IEnumerable<IEnumerable<string>> members) =>
        Math.Min(Newest, members.Select(Of).DefaultIfEmpty(Oldest).Min());

    // The highest that a member announces; a number that is none is an older program's mistake, not a newer one's.
    static byte Of(IEnumerable<string> roles) => roles
        .Where(IsRole)
        .Select(
            role =>
                byte.TryParse(role.AsSpan(RolePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                    ? version
                    : Oldest)
        .Append(Oldest)
        .Max();
}
