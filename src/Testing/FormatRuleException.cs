namespace AkkaJoin.Testing;

/// <summary>A decoder or a row writer breaks a rule of AkkaJoin's. The message names the rule.</summary>
public sealed class FormatRuleException : Exception
{
    /// <inheritdoc/>
    public FormatRuleException()
    {
    }

    /// <inheritdoc/>
    public FormatRuleException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public FormatRuleException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
