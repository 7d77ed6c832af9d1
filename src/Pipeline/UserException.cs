namespace AkkaJoin.Pipeline;

/// <summary>
/// A problem that the user can solve: a mistake, or a broker, topic or file that is not as needed. The program prints
/// the message, without a stack trace, and ends with the code.
/// </summary>
public class UserException : Exception
{
    /// <summary>Says what is wrong and, where it is known, what to do.</summary>
    /// <param name="message">For the user; most often one line.</param>
    /// <param name="exitCode">
    /// The exit code of the program: 1 failed, 2 not exact, 64 wrong usage, 78 wrong configuration.
    /// </param>
    public UserException(string message, int exitCode)
        : base(message) => ExitCode = exitCode;

    /// <summary>As above, with what caused it.</summary>
    public UserException(string message, int exitCode, Exception cause)
        : base(message, cause) => ExitCode = exitCode;

    /// <summary>The exit code of the program.</summary>
    public int ExitCode { get; }
}
