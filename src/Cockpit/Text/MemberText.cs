using System.Globalization;
using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Text;

/// <summary>What was done to members, and what changed of them, for people.</summary>
static class MemberText
{
    internal static void Write(MemberActReport report, TextWriter output)
    {
        if (report.Addresses.Count == 0)
            output.WriteLine("every member can be reached: nothing was done");
        foreach (var address in report.Addresses)
            output.WriteLine($"{address} {(report.Act == "down" ? "is given up" : "leaves")}");
    }

    internal static string Line(MemberChange change) =>
        string.Create(CultureInfo.InvariantCulture, $"{change.At.UtcDateTime:HH:mm:ss} UTC {change.Address} {change.Change}");
}
