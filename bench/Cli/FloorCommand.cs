using System.CommandLine;
using System.Globalization;
using AkkaJoin.Bench.Floor;

namespace AkkaJoin.Bench.Cli;

/// <summary><c>floor</c>: the raw loop, which <c>table</c> starts as a process of its own. Not for people.</summary>
static class FloorCommand
{
    const string Verb = "floor";

    internal static Command Create()
    {
        var texts = new Argument<string[]>("text") { Description = "Servers, impressions, plays, output.", Arity = new ArgumentArity(4, 4) };
        var numbers = new Option<long[]>("--numbers") { Description = "Records, rows, bytes of a row.", Arity = new ArgumentArity(3, 3), AllowMultipleArgumentsPerToken = true };
        var command = new Command(Verb, "Reads two topics and writes messages.") { texts, numbers };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var (t, n) = (parsed.GetValue(texts)!, parsed.GetValue(numbers)!);
            Console.Out.WriteLine(new FloorLoop(new FloorTask(t[0], t[1], t[2], t[3], n[0], n[1], (int)n[2])).Run());
        });
        return command;
    }

    /// <summary>What the program is started with.</summary>
    internal static IEnumerable<string> Arguments(FloorTask task) =>
    [
        Verb, task.Servers, task.Impressions, task.Plays, task.Output,
        "--numbers", .. ((long[])[task.Records, task.Rows, task.RowBytes]).Select(n => n.ToString(CultureInfo.InvariantCulture)),
    ];
}
