using System.Globalization;
using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Text;

/// <summary>The actors of a node for people: a line each, those below an actor two columns further in.</summary>
static class ActorText
{
    internal static void Write(ActorTreeReport report, TextWriter output)
    {
        foreach (var actor in report.Actors)
        {
            var name = actor.Depth == 0 ? actor.Path : actor.Path[(actor.Path.LastIndexOf('/') + 1)..];
            var waiting = actor.Messages == 0 ? "" : $", {CountText.Of(actor.Messages, "message")} waiting";
            output.WriteLine($"{new string(' ', 2 * actor.Depth)}{name} ({actor.Type}{waiting})");
        }

        if (report.IsCut)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"There are more than these {report.Actors.Count:N0}: name a path, or a smaller --depth."));
        }
    }
}
