using System.Globalization;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace AkkaJoin.Host.Running;

/// <summary>
/// Akka's log on standard error, one line an entry: standard output belongs to results. A cause is named by its message; its stack trace
/// follows at the debug level only.
/// </summary>
internal sealed class StderrLogger : ActorBase, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent entry:
                Write(entry);
                return true;
            default:
                return false;
        }
    }

    static void Write(LogEvent entry)
    {
        var time = entry.Timestamp.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var cause = entry.Cause is null ? "" : $": {entry.Cause.Message}";
        Console.Error.WriteLine($"{time} {Level(entry.LogLevel())} {entry.Message}{cause}");
    }

    static string Level(LogLevel level) => level switch
    {
        LogLevel.ErrorLevel => "ERROR",
        LogLevel.WarningLevel => "WARN ",
        LogLevel.InfoLevel => "INFO ",
        _ => "DEBUG",
    };
}
