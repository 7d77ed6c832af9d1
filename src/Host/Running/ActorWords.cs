using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using AkkaJoin.Cockpit.Logs;
using AkkaJoin.Host.Remoting;
using AkkaJoin.Pipeline.Hocon;
using Level = Microsoft.Extensions.Logging.LogLevel;

namespace AkkaJoin.Host.Running;

/// <summary>
/// What an actor logged, in words for operators. A known cause is named by its message, without a stack trace. What
/// Akka.NET says below an error is for those who debug Akka.NET: the node tells in its own words who comes and goes,
/// and which connection failed.
/// </summary>
/// <param name="Time">When it was logged.</param>
/// <param name="Level">How much it matters to an operator.</param>
/// <param name="Category">What part of the node says so.</param>
/// <param name="Message">One line.</param>
/// <param name="Defect">What nobody expected, whose trace is written; null = none.</param>
sealed record ActorWords(DateTimeOffset Time, Level Level, string Category, string Message, Exception? Defect)
{
    /// <summary>The category of what the connections between nodes say.</summary>
    internal const string Remoting = "remoting";
    const string Product = "AkkaJoin.";
    const string Library = "Akka.";

    /// <summary>An entry of Akka's log.</summary>
    internal static ActorWords Of(LogEvent entry)
    {
        var category = CategoryOf(entry);
        var isKnown = entry.Cause is null || IsKnown(entry.Cause) || category == Remoting;
        var cause = entry.Cause is { } known && isKnown ? ": " + LogLines.InOneLine(known.GetBaseException().Message) : "";
        var message = InOwnWords(entry, category, isKnown, cause);
        return new ActorWords(
            new DateTimeOffset(DateTime.SpecifyKind(entry.Timestamp, DateTimeKind.Utc)),
            LevelOf(entry, category),
            category,
            message,
            isKnown ? null : entry.Cause);
    }

    // Of what the library says, an error matters; of the connections, a warning too.
    static Level LevelOf(LogEvent entry, string category)
    {
        var level = entry.LogLevel() switch
        {
            LogLevel.ErrorLevel => Level.Error,
            LogLevel.WarningLevel => Level.Warning,
            LogLevel.InfoLevel => Level.Information,
            _ => Level.Debug,
        };
        return IsOfLibrary(entry) && (level < Level.Warning || (level == Level.Warning && category != Remoting)) ? Level.Debug : level;
    }

    // A failed actor is told of with its exception's message, and its exception.
    static string InOwnWords(LogEvent entry, string category, bool isKnown, string cause)
    {
        if (!IsOfLibrary(entry) || category == Remoting || entry.LogLevel() != LogLevel.ErrorLevel)
            return Said(entry, category) + cause;
        if (entry.Cause is null)
            return $"the actor system failed at something, and says: {Said(entry, category)}";
        return isKnown ? cause[2..] : "unexpected error, please report it";
    }

    // Akka puts the whole exception into what it says of a node that went away, and what others wrote into what it says
    // of their messages.
    static string Said(LogEvent entry, string category)
    {
        var message = entry.Message.ToString() ?? "";
        if (category != Remoting)
            return LogLines.InOneLine(message);
        var end = message.IndexOf('\n', StringComparison.Ordinal);
        return OneLine.Of(end > 0 ? message[..end].TrimEnd() : message);
    }

    // What manages the connections has a name in the log, and no class. What speaks for the whole node has the actor
    // system's.
    static string CategoryOf(LogEvent entry)
    {
        if (IsOfRemoting(entry.LogClass) || entry.LogSource.StartsWith("remoting", StringComparison.Ordinal))
            return Remoting;
        if (typeof(ActorSystem).IsAssignableFrom(entry.LogClass))
            return "node";
        if (IsOfJoin(entry))
            return "join";
        var space = entry.LogClass.Namespace ?? "";
        if (space.StartsWith(Product, StringComparison.Ordinal))
            return Words(space);
        return space.StartsWith(Library, StringComparison.Ordinal) ? "actors" : entry.LogClass.FullName ?? entry.LogClass.Name;
    }

    // AkkaJoin.Shards.KeyGroups is key-groups, AkkaJoin.Pipeline.Kafka.Consuming is kafka.consuming.
    static string Words(string space)
    {
        var parts = space.Split('.');
        return string.Join('.', parts.Skip(parts.Length > 2 ? 2 : 1).Select(System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName));
    }

    static bool IsOfLibrary(LogEvent entry) =>
        !IsOfJoin(entry)
        && !typeof(ActorSystem).IsAssignableFrom(entry.LogClass)
        && entry.LogClass.Namespace?.StartsWith(Library, StringComparison.Ordinal) == true;

    // What speaks for a whole join has a name in the log, too, and a class of Akka's (JoinContext.Log).
    static bool IsOfJoin(LogEvent entry) => entry.LogSource.StartsWith("AkkaJoin(", StringComparison.Ordinal);

    static bool IsOfRemoting(Type type) =>
        type == typeof(NodeTransport) || type.Namespace?.StartsWith("Akka.Remote", StringComparison.Ordinal) == true;

    // Anything else is a defect of ours, and whoever reports it needs the trace.
    static bool IsKnown(Exception cause) =>
        cause is Pipeline.UserException or Pipeline.Kafka.KafkaStopException or Confluent.Kafka.KafkaException
            or Shards.Journal.JournalException or System.Data.Common.DbException or IOException or TimeoutException or OpenCircuitException
        || IsOfRemoting(cause.GetType());
}
