using System.Collections.Concurrent;
using Akka.Actor;

namespace AkkaJoin.Pipeline.Hosting;

/// <summary>
/// Tells the application that a join cannot start or go on. The application decides what follows; the process goes on.
/// </summary>
/// <param name="failed">The application's method; null = the log is told.</param>
sealed class JoinFailures(Action<string, Exception>? failed)
{
    readonly ConcurrentDictionary<string, Exception> _reasons = new(StringComparer.Ordinal);

    /// <summary>Why a join does not run; null = nothing is known against it.</summary>
    internal Exception? ReasonOf(string join) => _reasons.GetValueOrDefault(join);

    /// <summary>Tells of one reason that stops several joins: the application for each of them, the log once.</summary>
    internal void Report(ActorSystem system, IReadOnlyCollection<string> joins, Exception reason)
    {
        foreach (var join in joins)
            _reasons[join] = reason;
        if (failed is null)
        {
            HostingLog.Failed(system.Log, string.Join(", ", joins), reason);
            return;
        }

        foreach (var join in joins)
            Report(system, join, reason);
    }

    /// <summary>Tells why a join does not run.</summary>
    internal void Report(ActorSystem system, string join, Exception reason)
    {
        _reasons[join] = reason;
        if (failed is null)
        {
            HostingLog.Failed(system.Log, join, reason);
            return;
        }

        try
        {
            failed(join, reason);
        }
        catch (Exception e)
        {
            HostingLog.Failed(system.Log, join, reason);
            HostingLog.FailedHandler(system.Log, e);
        }
    }
}
