using Akka.Event;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Hosting;

/// <summary>Every log message about joins and the program or application that they run in.</summary>
static class HostingLog
{
    internal static void Configuration(ILoggingAdapter log, IEnumerable<ConfigProblem> warnings)
    {
        foreach (var warning in warnings)
            log.Warning("configuration: {0}", warning);
    }

    internal static void FormatIsNotAnnounced(ILoggingAdapter log, string role) => log.Warning(
        "the cluster role {0} is not among akka.cluster.roles, so all nodes write the oldest format. Set the application's roles "
            + "before you call WithAkkaJoin.", role);

    internal static void NotGuarded(ILoggingAdapter log) => log.Warning(
        "this actor system accepts any message that one of Akka's serializers can read, so whoever reaches its port can run code "
            + "in it: add WithAkkaJoinGuard(), see docs/security.md");

    internal static void WaitsForApplicationsCluster(ILoggingAdapter log) => log.Warning(
        "the joins wait until this actor system is a member of a cluster. It was not told to join one, or none has let it in. To "
            + "form a cluster of one, let it join itself.");

    internal static void NoDowning(ILoggingAdapter log) => log.Warning(
        "akka.cluster.downing-provider-class is none: nobody removes a dead node from this cluster, and its key groups do not "
            + "run until an operator does. "
        + "Remove the key, and the split brain resolver does it.");

    internal static void Failed(ILoggingAdapter log, string join, Exception reason) =>
        log.Error("join {0} cannot go on: {1}", join, reason.Message);

    internal static void FailedHandler(ILoggingAdapter log, Exception reason) =>
        log.Error(reason, "the application's own method for failed joins has failed");
}
