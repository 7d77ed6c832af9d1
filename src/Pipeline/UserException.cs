namespace AkkaJoin.Pipeline;

/// <summary>A mistake of the user or of the surroundings: its message is all that is shown, and the program ends with <see cref="ExitCode"/>.</summary>
public sealed class UserException(string message, int exitCode) : Exception(message)
{
    /// <summary>With exit code 1.</summary>
    public UserException()
        : this("failed", 1)
    {
    }

    /// <summary>With exit code 1.</summary>
    public UserException(string message)
        : this(message, 1)
    {
    }

    /// <summary>With exit code 1; the inner exception is not shown.</summary>
    public UserException(string message, Exception innerException)
        : this(message + " (" + innerException?.Message + ")", 1)
    {
    }

    /// <summary>What the program exits with: 1 failed, 64 wrong usage, 78 wrong configuration.</summary>
    public int ExitCode { get; } = exitCode;
}
