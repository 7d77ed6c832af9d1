using System.Globalization;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Akka.Pattern;
using AkkaJoin.Host.Remoting;
using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Host.Running;

/// <summary>
/// Akka's log on standard error, one line an entry: standard output belongs to results. A known cause is named by its
/// message, without a stack trace.
/// </summary>
sealed class StderrLogger : ActorBase, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    // Whoever opens connections that are refused, or sends what is not taken, has each of them told of: not more often than anyone reads.
    readonly LineLimit _ofRemoting = new(linesMax: 20, per: TimeSpan.FromSeconds(10), TimeProvider.System);

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent entry:
                if (!IsOfRemoting(entry))
                    Write(entry);
                else if (_ofRemoting.Passes(out var held))
                    Write(entry, held);
                return true;
            default:
                return false;
        }
    }

    static void Write(LogEvent entry, int held = 0)
    {
        if (held > 0)
            Console.Error.WriteLine($"{Time(entry)} WARN  {held} more lines of the remoting were left out");
        Console.Error.WriteLine(Line(entry));
    }

    /// <summary>The entry as it is written: one line, and the trace below it of what is no known cause.</summary>
    internal static string Line(LogEvent entry)
    {
        var cause = entry.Cause is null ? "" : ": " + (IsKnown(entry.Cause) || IsOfRemoting(entry) ? InOneLine(entry.Cause.GetBaseException().Message) : entry.Cause.ToString());
        return $"{Time(entry)} {Level(entry.LogLevel())} {Message(entry)}{cause}";
    }

    static string Time(LogEvent entry) => entry.Timestamp.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    // A database adds details below what it says.
    static string InOneLine(string text) => string.Join("; ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    // Akka puts the whole exception into what it says of a node that went away, and what others wrote into what it says of their messages.
    static string Message(LogEvent entry)
    {
        var message = entry.Message.ToString() ?? "";
        if (!IsOfRemoting(entry))
            return InOneLine(message);
        var end = message.IndexOf('\n', StringComparison.Ordinal);
        return OneLine.Of(end > 0 ? message[..end].TrimEnd() : message);
    }

    // What manages the connections has a name in the log, and no class.
    static bool IsOfRemoting(LogEvent entry) => IsOfRemoting(entry.LogClass) || entry.LogSource.StartsWith("remoting", StringComparison.Ordinal);

    static bool IsOfRemoting(Type type) => type == typeof(NodeTransport) || type.Namespace?.StartsWith("Akka.Remote", StringComparison.Ordinal) == true;

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
