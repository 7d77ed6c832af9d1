using System.Globalization;

namespace AkkaJoin.Shards.Serialization;

/// <summary>
/// The formats that a node writes, as one number, which each announces as a role of the cluster. All write the lowest that any of them announces: as
/// long as a node of an older release is among them, nothing is journaled or sent that it could not read, and the cluster can be rolled back to it.
/// </summary>
static class FormatVersions
{
    /// <summary>The newest format that this program reads and writes.</summary>
    internal const byte Newest = 1;

    /// <summary>The oldest format that this program still writes; it reads every one there ever was.</summary>
    internal const byte Oldest = 1;

    const string RolePrefix = "akkajoin.format.";

    /// <summary>The role by which a node announces its newest format.</summary>
    internal static string Role { get; } = RolePrefix + Newest.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a role announces a format.</summary>
    internal static bool IsRole(string role) => role.StartsWith(RolePrefix, StringComparison.Ordinal);

    /// <summary>The format to write.</summary>
    /// <param name="roles">The roles of all members. One that announces nothing is an application's own node, of this version.</param>
    internal static byte Lowest(IEnumerable<string> roles) => roles
        .Where(IsRole)
        .Select(role => byte.TryParse(role.AsSpan(RolePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : Newest)
        .Append(Newest)
        .Min();
}
