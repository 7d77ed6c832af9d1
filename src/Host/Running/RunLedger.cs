using System.Text.Json;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Host.Running;

/// <summary>
/// The fates of all records at the end of the join, from the engine of this process or from a child's
/// <c>run --json</c>.
/// </summary>
sealed record RunLedger(SideLedger Left, SideLedger Right)
{
    /// <summary>Whether every record has one fate and none waits.</summary>
    internal bool Balances => Left.Balances && Right.Balances && Left.Waiting == 0 && Right.Waiting == 0;

    /// <summary>What was missing in the records that the last process read.</summary>
    internal InputCounts Input { get; init; } = InputCounts.None;

    /// <summary>What it warned of.</summary>
    internal IReadOnlyList<string> Warnings { get; init; } = [];

    internal static RunLedger Of(JoinResult result) =>
        new(result.Status!.Left, result.Status.Right) { Input = result.Status.Router.Input, Warnings = result.Warnings };

    /// <summary>Reads what <c>run --bounded --json</c> printed.</summary>
    internal static RunLedger Parse(string json)
    {
        var root = JsonDocument.Parse(json).RootElement;
        return new RunLedger(Side(root, "left"), Side(root, "right"))
        {
            Input = root.GetProperty("input").Deserialize<InputCounts>(JsonSerializerOptions.Web)!,
            Warnings = root.GetProperty("warnings").Deserialize<string[]>(JsonSerializerOptions.Web)!,
        };
    }

    static SideLedger Side(JsonElement root, string name) =>
        JsonSerializer.Deserialize<SideLedger>(root.GetProperty(name), JsonSerializerOptions.Web);
}
