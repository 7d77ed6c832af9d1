namespace AkkaJoin.Pipeline;

/// <summary>A mistake of the user's, told without a stack trace.</summary>
public sealed class UserException : Exception
{
    /// <summary>Says what is wrong and what to do.</summary>
    /// <param name="message">For the user's eyes.</param>
    /// <param name="exitCode">What the program ends with: 1 failed, 64 wrong usage, 78 wrong configuration.</param>
    public UserException(string message, int exitCode)
        : base(message) => ExitCode = exitCode;

    /// <summary>What the program ends with.</summary>
    public int ExitCode { get; }
}
