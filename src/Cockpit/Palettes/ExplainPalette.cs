using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Explain;
using AkkaJoin.Cockpit.Explain.Reasons;

namespace AkkaJoin.Cockpit.Palettes;

/// <summary>The command <c>join explain</c>: why two records did not join, or what happened to one.</summary>
static class ExplainPalette
{
    const string Forms = "partition:offset, id=ID or a key";

    internal static IReadOnlyList<NodeCommand> Commands { get; } =
    [
        new NodeCommand<Explanation>(
            "join",
            "explain",
            "Why two records joined or did not, or what happened to one",
            Right.Data,
            [
                new CommandParameter(ExplainArguments.Left, $"The left record: {Forms}; alone also a right one, right:{Forms}")
                {
                    IsPositional = true,
                    IsRequired = true,
                },
                new CommandParameter(ExplainArguments.Right, $"The right record: {Forms}; without it: what happened to the first?")
                {
                    IsPositional = true,
                },
                CommandParameter.Join with { IsPositional = false },
                new CommandParameter(ExplainArguments.From, "Look for ids and keys from this Kafka timestamp on; else in the newest"),
                new CommandParameter(ExplainArguments.To, "Look for ids and keys up to this Kafka timestamp"),
            ],
            (node, call) => node.ExplainAsync(node.Join(call.Find("join")), ExplainArguments.Read(call), call.Stopping),
            ExplainText.Write,
            explanation => explanation.Reason == ExplainReason.Unknown ? 1 : 0),
    ];
}
