using Akka.Actor;

namespace AkkaJoin.Pipeline.Hosting;

/// <summary>Tells the application that a join cannot start or go on. What it does then is its own affair: the process goes on.</summary>
/// <param name="failed">The application's; null = the log is told.</param>
sealed class JoinFailures(Action<string, Exception>? failed)
{
    internal void Report(ActorSystem system, string join, Exception reason)
    {
        if (failed is null)
        {
            PipelineLog.Failed(system.Log, join, reason);
            return;
        }

        try
        {
            failed(join, reason);
        }
        catch (Exception e)
        {
            PipelineLog.Failed(system.Log, join, reason);
            PipelineLog.FailedHandler(system.Log, e);
        }
    }
}
