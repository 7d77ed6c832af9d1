using AkkaJoin.Cockpit.Acts;
using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Nodes;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;

namespace AkkaJoin.Cockpit.Palettes;

/// <summary>
/// The commands of the palette <c>join</c> that change how a join runs, at once and without a restart.
/// </summary>
static class FlowPalette
{
    const string Palette = "join";

    static readonly CommandParameter Side = new("side", "Left or right; both where it is not given")
    {
        IsPositional = true,
        Words = ["left", "right"],
    };

    static readonly CommandParameter Until = new(
        "until", "When it is read again: a duration such as 90m, or a time such as 2030-01-31T06:00Z; without it when it is resumed");

    static readonly CommandParameter RestUntil = new(
        "until", "When time moves again: a duration such as 6h, or a time such as 2030-01-31T06:00Z; without it when the join is woken");

    internal static IReadOnlyList<NodeCommand> Commands { get; } =
    [
        Act(
            "pause",
            "A side of a join, or both, is read no more; offsets, state and time stay",
            [CommandParameter.Join, Side, Until],
            FlowActs.PauseAsync),
        Act("resume", "A side of a join, or both, is read on", [CommandParameter.Join, Side], FlowActs.ResumeAsync),
        Act(
            "drain",
            "A join reads no more, lets out what is on its way, and commits; then it is paused",
            [CommandParameter.Join, Until],
            FlowActs.DrainAsync),
        Act(
            "rest",
            "A join reads and joins on, but its time rests: nothing expires, and no record is given up as unmatched",
            [CommandParameter.Join, RestUntil],
            FlowActs.RestAsync),
        Act("wake", "The time of a join that rests moves again", [CommandParameter.Join], FlowActs.WakeAsync),
        Act(
            "rate",
            "How many records per second all nodes of a join read together",
            [
                CommandParameter.Join with { IsRequired = true },
                new CommandParameter("rate", "A number of records per second, unlimited, or configured (what max-rate says)")
                {
                    IsPositional = true,
                    IsRequired = true,
                },
            ],
            FlowActs.RateAsync),
    ];

    static NodeCommand<FlowActReport> Act(
        string name, string help, IReadOnlyList<CommandParameter> parameters, Func<CockpitNode, CommandCall, Task<FlowActReport>> run) =>
        new(Palette, name, help, Right.Act, parameters, run, FlowText.Write, report => report.IsDone ? 0 : 1);
}
