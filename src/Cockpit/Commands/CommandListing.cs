namespace AkkaJoin.Cockpit.Commands;

/// <summary>
/// What a node can be told, as <c>GET /api/v1/commands</c> gives it. A prompt shows the commands of the node that it
/// asks, which may be of another release.
/// </summary>
/// <param name="Joins">The names of the joins that the node runs.</param>
/// <param name="Commands">The commands, in the order of the help.</param>
sealed record CommandListing(IReadOnlyList<string> Joins, IReadOnlyList<CommandReport> Commands);

/// <summary>A command as it is declared.</summary>
/// <param name="Palette">Its palette.</param>
/// <param name="Name">Its name within the palette.</param>
/// <param name="Help">One line.</param>
/// <param name="Right">What the caller needs.</param>
/// <param name="Parameters">Its arguments; positional ones in their order.</param>
sealed record CommandReport(string Palette, string Name, string Help, Right Right, IReadOnlyList<CommandParameter> Parameters)
{
    /// <summary>The declaration of a command.</summary>
    internal static CommandReport Of(NodeCommand command) =>
        new(command.Palette, command.Name, command.Help, command.Right, command.Parameters);

    /// <summary>Whether the command is named so.</summary>
    internal bool Is(string palette, string name) => Palette == palette && Name == name;
}
