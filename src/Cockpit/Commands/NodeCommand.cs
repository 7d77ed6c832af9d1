using System.Text.Json;
using AkkaJoin.Cockpit.Nodes;

namespace AkkaJoin.Cockpit.Commands;

/// <summary>
/// A command that a node carries out. It is declared once: the API's path, the page, the prompt, its completion and its
/// help come from the declaration. <c>join show orders</c> is <c>GET /api/v1/join/show?join=orders</c>; a command with
/// the right <see cref="AkkaJoin.Pipeline.Settings.AdminRight.Act"/> is a POST with the arguments in a JSON object.
/// </summary>
/// <param name="palette">The palette, such as <c>cluster</c> or <c>join</c>.</param>
/// <param name="name">The name within it.</param>
/// <param name="help">One line.</param>
/// <param name="right">What the caller needs.</param>
/// <param name="parameters">Its arguments; positional ones in their order.</param>
abstract class NodeCommand(string palette, string name, string help, Right right, IReadOnlyList<CommandParameter> parameters)
{
    /// <summary>The palette.</summary>
    public string Palette => palette;

    /// <summary>The name within its palette.</summary>
    public string Name => name;

    /// <summary>One line.</summary>
    public string Help => help;

    /// <summary>What the caller needs.</summary>
    public Right Right => right;

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<CommandParameter> Parameters => parameters;

    /// <summary>The type that its result has.</summary>
    public abstract Type ResultType { get; }

    /// <summary>Carries it out on a node.</summary>
    /// <returns>What becomes JSON.</returns>
    /// <exception cref="Pipeline.UserException">It cannot be carried out; the message says why.</exception>
    public abstract Task<object> RunAsync(CockpitNode node, CommandCall call);

    /// <summary>Writes a result for people.</summary>
    /// <param name="result">The result as the node sent it.</param>
    /// <param name="output">Takes the text.</param>
    /// <returns>The exit code: 0 = it is well.</returns>
    public abstract int Show(JsonElement result, TextWriter output);

    /// <summary>The exit code of a result, as <see cref="Show"/> returns it.</summary>
    public abstract int ExitCode(JsonElement result);
}

/// <inheritdoc cref="NodeCommand"/>
/// <param name="run">Carries it out.</param>
/// <param name="text">Writes the result for people.</param>
/// <param name="exitCode">The exit code of a result; null = always 0.</param>
sealed class NodeCommand<T>(
    string palette,
    string name,
    string help,
    Right right,
    IReadOnlyList<CommandParameter> parameters,
    Func<CockpitNode, CommandCall, Task<T>> run,
    Action<T, TextWriter> text,
    Func<T, int>? exitCode = null) : NodeCommand(palette, name, help, right, parameters)
    where T : notnull
{
    /// <inheritdoc/>
    public override Type ResultType => typeof(T);

    /// <inheritdoc/>
    public override async Task<object> RunAsync(CockpitNode node, CommandCall call) => await run(node, call);

    /// <inheritdoc/>
    public override int Show(JsonElement result, TextWriter output)
    {
        var value = Read(result);
        text(value, output);
        return exitCode?.Invoke(value) ?? 0;
    }

    /// <inheritdoc/>
    public override int ExitCode(JsonElement result) => exitCode?.Invoke(Read(result)) ?? 0;

    static T Read(JsonElement result) => result.Deserialize<T>(CockpitJson.Options)
        ?? throw new JsonException("the result is null");
}
