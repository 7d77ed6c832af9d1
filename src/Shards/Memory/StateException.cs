namespace AkkaJoin.Shards.Memory;

/// <summary>There is no room for the state. The message tells a user where and what to do.</summary>
public sealed class StateException : Exception
{
    /// <summary>With the message alone.</summary>
    public StateException(string message)
        : base(message)
    {
    }

    /// <summary>With what the system said.</summary>
    public StateException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
