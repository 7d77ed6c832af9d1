using System.Globalization;
using Akka.Actor;
using Akka.Event;
using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Live;

/// <summary>Every log message of what is live.</summary>
static class LiveLog
{
    internal static void StrangerAsks(ILoggingAdapter log, Address stranger) =>
        log.Warning("{0} asks this node something and is no member of the cluster; it gets no answer", stranger);

    internal static void QuestionFailed(ILoggingAdapter log, string question, Exception cause) =>
        log.Warning("the question '{0}' of a node could not be answered: {1}", question, cause);

    internal static void LookFailed(ILoggingAdapter log, Exception cause) =>
        log.Warning("the figures of a join could not be looked at: {0}", cause);

    internal static void MatchRateFell(ILoggingAdapter log, string join, Side side, string topic, MatchRateReport rate) => log.Warning(
        "join '{0}': {1} of the {2} records of the last 10 minutes found a partner, and {3} in the hour before ({4}, on this node). "
        + "Look for a producer that stopped, a key or a time that is written otherwise: akkajoin explain {0}",
        join, Percent(rate.Now), side == Side.Left ? "left" : "right", Percent(rate.HourBefore), topic);

    static string Percent(double? share) => (share ?? 0).ToString("P1", CultureInfo.InvariantCulture);
}
