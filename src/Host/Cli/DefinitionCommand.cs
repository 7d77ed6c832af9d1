using System.CommandLine;
using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Engine;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// <c>akkajoin definition</c>: what of a configuration differs from what the journal says, and the one way to change
/// that. Every node refuses to start with another definition than the journal's, so that no two nodes ever join by
/// different rules.
/// </summary>
static class DefinitionCommand
{
    public static Verb Create()
    {
        var config = new ConfigOptions();
        var apply = new Option<bool>("--apply") { Description = "Change the journal; all nodes must be stopped" };
        var verb = new Verb(
            "definition",
            "Compares the joins of a configuration with what is journaled of them, and changes that where buffered records survive it.",
            ["akkajoin definition -c akkajoin.conf", "akkajoin definition -c akkajoin.conf --apply"],
            ExitCodes.Good,
            ExitCodes.Failed,
            ExitCodes.NotExact,
            ExitCodes.Config) { apply };
        foreach (var option in config.All)
            verb.Add(option);
        verb.SetAction((parsed, output, _, cancellation) => RunAsync(config.Read(parsed), parsed.GetValue(apply), output, cancellation));
        return verb;
    }

    static async Task<int> RunAsync(ConfigChoice config, bool apply, TextWriter output, CancellationToken stopping)
    {
        var settings = config.Load().Settings;
        using var journal = NodeJournal.Open(settings.Journal);
        await using var lease = apply ? await JournalHold.TakeAsync(journal, stopping) : null;
        var reviews = new List<(string Join, DefinitionReview Review)>();
        foreach (var join in settings.Joins)
            reviews.Add((join.Name, await DefinitionReview.OfAsync(settings.Kafka, join, journal)));
        foreach (var (join, review) in reviews)
        {
            await output.WriteLineAsync(review.Changes.Count == 0
                ? $"join {join}: "
                + $"{(review.IsJournaled ? "as journaled" : $"not journaled in {journal.Location} yet; its first start does that")}"
                : $"join {join}: {(apply ? "changed" : "differs")}\n  " + string.Join("\n  ", review.Texts));
            if (apply && review.Changes.Count > 0)
                review.Apply();
        }

        if (!apply && reviews.Any(r => r.Review.Changes.Count > 0))
            await output.WriteLineAsync(
                "buffered records survive all of it: the same command with --apply writes it into the journal, with all nodes stopped");
        return apply || reviews.All(r => r.Review.Changes.Count == 0) ? ExitCodes.Good : ExitCodes.NotExact;
    }
}
