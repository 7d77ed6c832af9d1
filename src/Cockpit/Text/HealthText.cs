using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Text;

/// <summary>A <see cref="NodeHealthReport"/> in one line.</summary>
static class HealthText
{
    internal static string Of(NodeHealthReport report)
    {
        if (report.IsWell)
            return $"well: {string.Join(", ", report.Checks.Select(check => check.Name))}";
        var wrong = report.Checks.Where(check => !check.IsWell).Select(check => $"{check.Name}: {Cell.Line(check.Text)}");
        return $"not well: {string.Join("; ", wrong)}";
    }
}
