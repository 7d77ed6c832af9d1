using Akka.Actor;
using Akka.Actor.Setup;
using AkkaJoin.Pipeline.Settings;
using Microsoft.Extensions.Logging;

namespace AkkaJoin.Cockpit.Logs;

/// <summary>
/// A node's log: everything that Microsoft.Extensions.Logging brings, one entry a line, on standard error, since
/// standard output belongs to results. It keeps the last entries. Thread safe.
/// </summary>
/// <param name="settings">The settings.</param>
/// <param name="output">Takes the lines; must be thread safe.</param>
sealed class NodeLog(LogSettings settings, TextWriter output) : ILoggerProvider
{
    /// <summary>Which entries are written.</summary>
    internal LogLevels Levels { get; } = new(settings);

    /// <summary>The last entries that were written.</summary>
    internal LogRing Ring { get; } = new();

    /// <summary>That of an actor system; null = it has none.</summary>
    internal static NodeLog? Of(ActorSystem system) =>
        system.Settings.Setup.Get<NodeLogSetup>() is { HasValue: true, Value: var setup } ? setup.Log : null;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The output is the process's.
    }

    /// <summary>Writes an entry, if its level is on.</summary>
    internal void Write(LogEntry entry)
    {
        if (!Levels.IsOn(entry.Category, entry.Level))
            return;
        Ring.Add(entry);
        output.WriteLine(LogLines.Line(entry, settings.Format));
    }

    sealed class Logger(NodeLog log, string category) : ILogger
    {
        /// <inheritdoc/>
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        /// <inheritdoc/>
        public bool IsEnabled(LogLevel logLevel) => log.Levels.IsOn(category, logLevel);

        /// <inheritdoc/>
        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var time = state is ActorEntry entry ? entry.Time : DateTimeOffset.UtcNow;
            log.Write(new LogEntry(time, logLevel, category, LogLines.InOneLine(formatter(state, exception)), exception?.ToString()));
        }
    }
}

/// <summary>What an actor logged: its message, and when, since it takes a moment until it is here.</summary>
/// <param name="Time">When.</param>
/// <param name="Message">One line.</param>
readonly record struct ActorEntry(DateTimeOffset Time, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Message;
}

/// <summary>Gives an actor system the log that its entries go to.</summary>
/// <param name="log">The node's log, for the commands.</param>
/// <param name="loggers">Makes the loggers, of the node's log and of what else is to hear.</param>
sealed class NodeLogSetup(NodeLog log, ILoggerFactory loggers) : Setup
{
    /// <summary>The node's log.</summary>
    internal NodeLog Log => log;

    /// <summary>Makes the loggers.</summary>
    internal ILoggerFactory Loggers => loggers;
}
