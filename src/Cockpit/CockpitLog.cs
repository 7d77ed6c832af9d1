using Akka.Event;

namespace AkkaJoin.Cockpit;

/// <summary>Every log message of the cockpit.</summary>
static class CockpitLog
{
    internal static void NoPort(ILoggingAdapter log, string ports, string reason) => log.Warning(
        "{0} cannot be used ({1}): this node goes on without, and nobody can ask it there. Set another, 0 for any that is "
            + "free, or none.",
        ports, reason);

    internal static void TokenWasRead(ILoggingAdapter log, string name) => log.Info("the token '{0}' has changed and was read again", name);

    internal static void TokenIsLost(ILoggingAdapter log, string name, string reason) =>
        log.Warning("the token '{0}' stays as it was read last: {1}", name, reason);

    internal static void NoLocalToken(ILoggingAdapter log, string file, string reason) => log.Warning(
        "the token of this user cannot be kept in {0} ({1}): keys, values and acts need a token of akkajoin.admin.tokens. Set "
            + "AKKAJOIN_ADMIN_DIRECTORY to a directory that this user may write.",
        file, reason);

    internal static void WrongToken(ILoggingAdapter log, string sender) =>
        log.Warning("{0} showed a token that is none of this node's; said once a minute", sender);

    internal static void Act(ILoggingAdapter log, string caller, string sender, string command, string arguments) =>
        log.Info("{0} ({1}) does: {2} {3}", caller, sender, command, arguments);

    internal static void Failed(ILoggingAdapter log, string path, Exception reason) =>
        log.Warning("a request for {0} failed: {1}", path, reason.Message);
}
