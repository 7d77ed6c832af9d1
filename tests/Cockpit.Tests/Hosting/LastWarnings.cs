using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AkkaJoin.Cockpit.Tests.Hosting;

/// <summary>What an application warned of, for a test that waits in vain.</summary>
sealed class LastWarnings : ILoggerProvider
{
    const int Kept = 30;
    readonly ConcurrentQueue<string> _lines = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
    }

    public override string ToString() => string.Concat(_lines.Select(line => "\n  " + line));

    sealed class Logger(LastWarnings owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            owner._lines.Enqueue(formatter(state, exception) + exception?.Message);
            while (owner._lines.Count > Kept)
                owner._lines.TryDequeue(out _);
        }
    }
}
