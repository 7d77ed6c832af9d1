namespace AkkaJoin.Shards.Encodings;

/// <summary>Bytes that no version of AkkaJoin wrote, or that were damaged on the way.</summary>
public sealed class MalformedBatchException : Exception
{
    /// <summary>Names what is wrong with the bytes.</summary>
    public MalformedBatchException(string message)
        : base("malformed bytes: " + message)
    {
    }

    /// <summary>Names what is wrong with the bytes, and why it was noticed.</summary>
    public MalformedBatchException(string message, Exception inner)
        : base("malformed bytes: " + message, inner)
    {
    }

    /// <summary>Bytes are malformed.</summary>
    public MalformedBatchException()
        : base("malformed bytes")
    {
    }
}
