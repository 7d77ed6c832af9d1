using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Live;
using AkkaJoin.Cockpit.Nodes;
using AkkaJoin.Cockpit.Outputs;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Cockpit.Palettes;

/// <summary>The commands of the palette <c>join</c>: what the joins are, do and have.</summary>
static class JoinPalette
{
    const int EntriesStandard = 100, RowsStandard = 10, MinutesStandard = 60;
    const string Rows = "rows";

    internal static IReadOnlyList<NodeCommand> Commands { get; } =
    [
        new NodeCommand<JoinList>(
            "join", "list", "The joins of the node, and how fast they are", Right.State, [], ListAsync, JoinText.Write),
        new NodeCommand<JoinOverview>(
            "join",
            "show",
            "What a join is, where it runs, its rates, and which share of its records find a partner",
            Right.State,
            [CommandParameter.Join],
            (node, call) => node.Everywhere(call.Find("join")).OverviewAsync(call.Stopping),
            JoinText.Write),
        new NodeCommand<LedgerReport>(
            "join",
            "ledger",
            "What became of every record, by side and by partition; the sums equal what came in",
            Right.State,
            [CommandParameter.Join],
            (node, call) => node.Everywhere(call.Find("join")).LedgerAsync(call.Stopping),
            LedgerText.Write,
            report => report.IsEqual ? 0 : 1),
        new NodeCommand<KeyStateReport>(
            "join",
            "key",
            "What a join has of a key: each record with what it waits for, and its last rows",
            Right.Data,
            [
                new CommandParameter("key", "The key: its text, 0x and hexadecimal digits, or a JSON array of its parts")
                {
                    IsPositional = true,
                    IsRequired = true,
                },
                CommandParameter.Join,
                new CommandParameter("limit", $"The most records of a side; {EntriesStandard} where it is not given"),
                new CommandParameter(
                    Rows, $"How many of its last rows are read from the output topic, 0 to {RowReader.RowsMax}; {RowsStandard} without it"),
                new CommandParameter("values", "Show the values too") { IsFlag = true },
            ],
            KeyAsync,
            KeyStateText.Write,
            report => report.Problem is null ? 0 : 1),
        new NodeCommand<SeriesReport>(
            "join",
            "series",
            "What a join did in the last hour, in steps of ten seconds",
            Right.State,
            [
                CommandParameter.Join,
                new CommandParameter("minutes", $"How far back, 1 to 70; {MinutesStandard} where it is not given"),
            ],
            (node, call) => node.Everywhere(call.Find("join"))
                .SeriesAsync(call.Number("minutes", MinutesStandard, 1, 70), call.Stopping),
            SeriesText.Write),
    ];

    static async Task<JoinList> ListAsync(CockpitNode node, CommandCall call)
    {
        var joins = await Task.WhenAll(node.AllEverywhere.Select(join => join.OverviewAsync(call.Stopping)));
        return new JoinList(
        [
            .. joins.Select(join => new JoinListItem(
                join.Join,
                join.Definition.Type,
                join.Definition.Left.Topic,
                join.Definition.Right.Topic,
                join.Definition.Output,
                join.Groups,
                join.Running,
                join.OneMinute)
            {
                Asked = join.Asked,
            }),
        ]);
    }

    static async Task<KeyStateReport> KeyAsync(CockpitNode node, CommandCall call)
    {
        var join = node.Everywhere(call.Find("join"));
        var key = KeyText.Parse(join.Join, call.Get("key"));
        var withValues = call.MaySeeData && call.Has("values");
        var count = call.Number(Rows, RowsStandard, 0, RowReader.RowsMax);
        var state = join.KeyAsync(key, call.Number("limit", EntriesStandard, 1, AskKey.LimitMax), withValues, call.Stopping);
        var rows = count == 0 ? null : await node.RowsAsync(join.Join, key, count, withValues, call.Stopping);
        return await state with { Rows = rows };
    }
}
