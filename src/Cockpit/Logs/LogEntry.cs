using Microsoft.Extensions.Logging;

namespace AkkaJoin.Cockpit.Logs;

/// <summary>An entry of a node's log.</summary>
/// <param name="Time">When it was written.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Category">What part of the node says so.</param>
/// <param name="Message">One line.</param>
/// <param name="Trace">The exception with its trace, where it is no known cause.</param>
sealed record LogEntry(DateTimeOffset Time, LogLevel Level, string Category, string Message, string? Trace);
