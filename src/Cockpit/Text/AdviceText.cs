using System.Globalization;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Settings.Reading;

namespace AkkaJoin.Cockpit.Text;

/// <summary>
/// An <see cref="AdviceReport"/> for people: what it is from, the choices, the window, and the sentence.
/// </summary>
static class AdviceText
{
    static readonly string[] Heads =
        ["max-out-of-orderness", "lefts late", "rights late", "unmatched lefts after", "unmatched rights after", "state", ""];

    internal static void Write(AdviceReport report, TextWriter output)
    {
        var records = CountText.Of(report.Left.Records + report.Right.Records, "record");
        var since = report.SinceMs is { } at
            ? $" since {TimeText.Iso(at)} ({Cell.Duration(report.AtMs - at)})"
            : "; no node reads it";
        output.WriteLine($"{report.Join}: from {records} and {CountText.Of(report.Window.Pairs, "pair")}{since}");
        Write(report.Left, report.IsTooFew, output);
        Write(report.Right, report.IsTooFew, output);
        if (!report.IsTooFew)
            WriteChoices(report, output);
        Write("before", report.Window.Before, report.Window.Pairs, output);
        Write("after", report.Window.After, report.Window.Pairs, output);
        output.WriteLine($"advice: {report.Advice}");
        if (report.Setting is { } setting)
            output.WriteLine($"  {setting.Key} = {setting.Value}");
        Cell.Missing(report.Missing, output);
    }

    /// <summary>A share of 1 in percent; 0 is none at all.</summary>
    internal static string Share(double share) => share switch
    {
        0 => "0 %",
        < 0.0001 => "< 0.01 %",
        1 => "100 %",
        > 0.9999 => "> 99.99 %",
        _ => share.ToString("0.00 %", CultureInfo.InvariantCulture),
    };

    static void Write(AdviceSide side, bool isTooFew, TextWriter output)
    {
        var worst = side.WorstPartition is { } partition && !isTooFew ? Cell.Text($"; most late ones are of {side.Topic}/{partition}") : "";
        output.WriteLine(
            $"  {Cell.Of(side.Side)} {side.Topic}: {CountText.Of(side.Records, "record")}, "
                + $"out of order by {Cell.Duration(side.MaxDisorderMs)} at most{worst}");
        if (side.LagMs is { } mostly)
            output.WriteLine(
                $"    its time is mostly {Cell.Duration(mostly)} behind the clock, 99 of 100 times {Cell.Duration(side.LagMaxMs)} at most");
    }

    static void WriteChoices(AdviceReport report, TextWriter output)
    {
        var table = new TextTable(Heads, [0, 1, 2, 3, 4, 5]);
        foreach (var choice in report.Choices)
        {
            table.Add(
            [
                Durations.Show(choice.MaxOutOfOrdernessMs),
                Share(choice.LeftLateShare),
                Share(choice.RightLateShare),
                Cell.Duration(choice.LeftDelayMs),
                Cell.Duration(choice.RightDelayMs),
                Cell.Bytes(choice.StateBytes),
                choice.IsPresent ? "<- now" : "",
            ]);
        }

        table.Write(output, "  ");
        if (report.RepairForMs > 0)
            output.WriteLine($"  late: behind by more than max-out-of-orderness + late.repair-for = {Durations.Show(report.RepairForMs)}");
        if (report.IsHistory)
            output.WriteLine("  the records are old: delays are as if they were read when they happened");
    }

    static void Write(string name, AdviceArm? arm, long pairs, TextWriter output)
    {
        if (arm is null)
            return;
        output.WriteLine(
            pairs == 0
                ? $"  {name} = {Durations.Show(arm.BoundMs)}: no pairs yet"
                : $"  {name} = {Durations.Show(arm.BoundMs)}: {Share(arm.LastTenthShare)} of the pairs lie in its last tenth; "
                    + $"{Share(arm.LeftIfHalvedShare)} would be left with {Durations.Show(arm.HalvedMs)}");
    }
}
