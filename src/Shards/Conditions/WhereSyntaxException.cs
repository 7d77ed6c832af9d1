namespace AkkaJoin.Shards.Conditions;

/// <summary>A condition that <see cref="WhereParser"/> cannot read.</summary>
public sealed class WhereSyntaxException : Exception
{
    /// <summary>Says what is wrong, and where.</summary>
    public WhereSyntaxException(string message, int position)
        : base(message) => Position = position;

    /// <summary>Where in the text, 0-based, in characters.</summary>
    public int Position { get; }
}
