using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Diagnosis;
using AkkaJoin.Cockpit.Nodes;

namespace AkkaJoin.Cockpit.Palettes;

/// <summary>The command of the palette <c>join</c> that tells why a join gives nothing.</summary>
static class DiagnosisPalette
{
    internal static IReadOnlyList<NodeCommand> Commands { get; } =
    [
        new NodeCommand<JoinDiagnosis>(
            "join",
            "diagnose",
            "Why a join gives nothing, or less than expected, judged by a sample of both topics",
            Right.Data,
            [
                CommandParameter.Join,
                new CommandParameter("records", "The most records of each topic, the newest of each partition; 1 to 20000"),
                new CommandParameter("seconds", "How long the topics may be read; 1 to 60, 10 where nothing is given"),
                new CommandParameter("from", "Only records whose Kafka timestamp is not below it, such as 2026-11-29T08:00:00Z"),
                new CommandParameter("to", "Only records before the first whose Kafka timestamp reaches it"),
            ],
            DiagnoseAsync,
            DiagnosisText.Write),
    ];

    static async Task<JoinDiagnosis> DiagnoseAsync(CockpitNode node, CommandCall call)
    {
        var limits = SampleLimits.Standard with
        {
            Records = call.Number("records", SampleLimits.RecordsMax, 1, SampleLimits.RecordsMax),
            Seconds = call.Number("seconds", SampleLimits.Standard.Seconds, 1, SampleLimits.SecondsMax),
            FromMs = SampleLimits.Time("from", call.Find("from")),
            ToMs = SampleLimits.Time("to", call.Find("to")),
        };
        var join = node.Join(call.Find("join"));
        return await DiagnosisRun.RunAsync(node.Settings.Kafka, join, node.Running(join.Name), limits, call.Stopping);
    }
}
