using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Pipeline.Hosting;

/// <summary>
/// An embedded node announces by a role of the cluster which format it reads, as the program's own nodes do. A node
/// without that role counts as one of the first release, and all nodes then write that release's format.
/// </summary>
static class FormatAnnouncement
{
    /// <summary>The application's roles and this one.</summary>
    internal static Config Config(Config application)
    {
        var roles = application.GetStringList("akka.cluster.roles", []).Where(role => !FormatVersions.IsRole(role))
            .Append(FormatVersions.Role);
        return ConfigurationFactory.ParseString($"akka.cluster.roles = [{string.Join(", ", roles.Select(Quoted))}]");
    }

    /// <summary>Warns where the application has set its roles after AkkaJoin was added.</summary>
    internal static void Check(ActorSystem system)
    {
        if (!Cluster.Get(system).SelfRoles.Contains(FormatVersions.Role))
            HostingLog.FormatIsNotAnnounced(system.Log, FormatVersions.Role);
    }

    static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
