using Akka.Actor;
using Akka.Event;

namespace AkkaJoin.Host.Running;

/// <summary>
/// Takes the place of the logger that Akka has before and after the node's own: it writes to standard output, whatever
/// <c>akka.stdout-loglevel</c> says, and standard output belongs to results.
/// </summary>
sealed class SilentLogger : MinimalLogger
{
    /// <inheritdoc/>
    protected override void Log(object message)
    {
    }
}
