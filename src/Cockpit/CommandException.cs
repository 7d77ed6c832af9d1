using AkkaJoin.Pipeline;

namespace AkkaJoin.Cockpit;

/// <summary>A command was called in a way that cannot be answered. The message says what to do.</summary>
sealed class CommandException(string message) : UserException(message, CommandException.UsageCode)
{
    /// <summary>The exit code of a wrong command line, as in sysexits.h.</summary>
    internal const int UsageCode = 64;
}
