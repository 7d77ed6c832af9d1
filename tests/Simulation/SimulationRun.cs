using System.Globalization;
using AkkaJoin.Simulation.Load;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation;

/// <summary>One seed from beginning to end. Tests of planted bugs call it by its name, in an assembly load context of their own.</summary>
static class SimulationRun
{
    /// <summary>Null where everything held; otherwise what did not, and what happened before.</summary>
    internal static string? Failure(int seed, Flaw flaw, out History history, Leaning leaning = Leaning.None)
    {
        // What awaits goes on at once, and on this thread.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        var world = new SimulatedWorld(new Scenario(seed, leaning), flaw);
        string? failure = null;
        try
        {
            world.Run();
        }
        catch (Exception e)
        {
            failure = Tell(world, e);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }

        history = world.History;
        return failure;
    }

    /// <summary>The first seed of a range that fails, and how; null where none does.</summary>
    internal static string? FirstFailure(int from, int count, int leaning)
    {
        for (var seed = from; seed < from + count; seed++)
        {
            if (Failure(seed, Flaw.None, out _, (Leaning)leaning) is { } failure)
                return failure;
        }

        return null;
    }

    static string Tell(SimulatedWorld world, Exception e)
    {
        var s = world.Scenario;
        var what = e is SimulationException ? e.Message : e.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"""
            seed {s.Seed}: {what}
            Leaning: AKKAJOIN_TEST_LEANING={s.Leaning:D}
            Alone: AKKAJOIN_TEST_SEED={s.Seed} dotnet test -c Checked tests/Simulation --filter SimulationTests
            {s.Definition.Type} join of {s.Definition.KeyGroups} key groups on {s.Nodes} nodes, partitions {s.Counts[0]} + {s.Counts[1]}, window [-{s.Definition.BeforeMs}, +{s.Definition.AfterMs}], late {s.Definition.Late}, credit {s.Definition.Credit}, ids {s.Definition.Left.Deduplicates}, exact {s.Exact}, self-join {s.IsSelfJoin}, drift {s.MaxDriftMs?.ToString(CultureInfo.InvariantCulture) ?? "free"}, partitions at first {s.CountsAtBeginning[0]} + {s.CountsAtBeginning[1]}, retention {s.Retention}
            faults: {string.Join(", ", s.Faults)}, one in {s.FaultEveryMs} ms; lost messages {s.LostPerMille} in 1000
            {world.History.Tell()}
            seed {s.Seed}: {what}
            """);
    }
}
