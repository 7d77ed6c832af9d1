using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using AkkaJoin.Cockpit.Logs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Level = Microsoft.Extensions.Logging.LogLevel;

namespace AkkaJoin.Host.Running;

/// <summary>
/// Brings what actors log to the node's log. What Akka.NET says in its own words is said in ours, or not at all
/// (<see cref="ActorWords"/>).
/// </summary>
sealed class ActorLogger : ActorBase, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    // Whoever opens connections that are refused, or sends what is not taken, has each of them told of: not more often
    // than anyone reads.
    readonly LineLimit _ofRemoting = new(linesMax: 20, per: TimeSpan.FromSeconds(10), TimeProvider.System);
    readonly ILoggerFactory _loggers = LoggersOf(Context.System);

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent entry:
                Write(ActorWords.Of(entry));
                return true;
            default:
                return false;
        }
    }

    static ILoggerFactory LoggersOf(ActorSystem system) =>
        system.Settings.Setup.Get<NodeLogSetup>() is { HasValue: true, Value: var setup } ? setup.Loggers : NullLoggerFactory.Instance;

    void Write(ActorWords words)
    {
        var logger = _loggers.CreateLogger(words.Category);
        if (!logger.IsEnabled(words.Level))
            return;
        var held = 0;
        if (words.Category == ActorWords.Remoting && !_ofRemoting.Passes(out held))
            return;
        if (held > 0)
        {
            var more = $"{held} more lines of the remoting were left out";
            Write(logger, words with { Level = Level.Warning, Message = more, Defect = null });
        }

        Write(logger, words);
    }

    static void Write(ILogger logger, ActorWords words) => logger.Log(
        words.Level, default, new ActorEntry(words.Time, words.Message), words.Defect, static (entry, _) => entry.Message);
}
