using System.Globalization;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Akka.Pattern;

namespace AkkaJoin.Host.Running;

/// <summary>
/// Akka's log on standard error, one line an entry: standard output belongs to results. A known cause is named by its
/// message, without a stack trace.
/// </summary>
sealed class StderrLogger : ActorBase, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
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
        var cause = entry.Cause is null ? "" : ": " + (IsKnown(entry.Cause) || IsOfRemoting(entry.LogClass) ? entry.Cause.GetBaseException().Message : entry.Cause.ToString());
        Console.Error.WriteLine($"{time} {Level(entry.LogLevel())} {Message(entry)}{cause}");
    }

    // Akka puts the whole exception into what it says of a node that went away.
    static string Message(LogEvent entry)
    {
        var message = entry.Message.ToString() ?? "";
        var end = message.IndexOf('\n', StringComparison.Ordinal);
        return end > 0 && IsOfRemoting(entry.LogClass) ? message[..end].TrimEnd() : message;
    }

    static bool IsOfRemoting(Type type) => type.Namespace?.StartsWith("Akka.Remote", StringComparison.Ordinal) == true;

    // Anything else is a defect of ours, and whoever reports it needs the trace.
    static bool IsKnown(Exception cause) => cause is Pipeline.UserException or Pipeline.Kafka.KafkaStopException or Confluent.Kafka.KafkaException
        or Shards.Journal.JournalException or System.Data.Common.DbException or IOException or TimeoutException or OpenCircuitException || IsOfRemoting(cause.GetType());

    static string Level(LogLevel level) => level switch
    {
        LogLevel.ErrorLevel => "ERROR",
        LogLevel.WarningLevel => "WARN ",
        LogLevel.InfoLevel => "INFO ",
        _ => "DEBUG",
    };
}
