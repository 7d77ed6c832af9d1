namespace AkkaJoin.Cockpit.Commands;

/// <summary>One argument of a command.</summary>
/// <param name="Name">
/// Its name in the API and as <c>--name</c>; lower case, words joined by hyphens.
/// </param>
/// <param name="Help">One line.</param>
sealed record CommandParameter(string Name, string Help)
{
    /// <summary>Whether the command line takes it by its position, without <c>--name</c>.</summary>
    public bool IsPositional { get; init; }

    /// <summary>Whether the command needs it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether it is there or not, and has no value.</summary>
    public bool IsFlag { get; init; }

    /// <summary>The values that it can have; empty = any.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The argument that names a join; where the node runs one join alone it may be left out.</summary>
    public static CommandParameter Join { get; } = new("join", "The name of the join; needed where the node runs several")
    {
        IsPositional = true,
    };
}
