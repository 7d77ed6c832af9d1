using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>How many records of each side get how far on the way to a row.</summary>
static class StepAnalysis
{
    internal const string Read = "read";
    internal const string Decoded = "decoded";
    internal const string PassFilter = "pass the filter";
    internal const string HaveKey = "have a key";
    internal const string KeyOnBothSides = "key on both sides";
    internal const string InWindow = "partner in the window";
    internal const string WhereHolds = "where holds";

    internal static IReadOnlyList<StepReport> Of(JoinSettings join, SampledSide left, SampledSide right, SamplePairs pairs)
    {
        var steps = new List<StepReport>
        {
            new(Read, left.Records.Count, right.Records.Count),
            Step(Decoded, left, right, record => record.Fate != SampleFate.DeadLetter),
            Step(PassFilter, left, right, record => record.Fate == SampleFate.Routed),
            Step(HaveKey, left, right, record => record.Key is not null),
            new(KeyOnBothSides, pairs.Count(Side.Left), pairs.Count(Side.Right)),
            new(InWindow, pairs.Nearest(Side.Left).Count(pairs.IsInWindow), pairs.Nearest(Side.Right).Count(pairs.IsInWindow)),
        };
        if (join.Where is { } where)
        {
            var (lefts, rights) = (new HashSet<SampleRecord>(), new HashSet<SampleRecord>());
            foreach (var pair in pairs.InWindow().Where(pair => where.Holds(pair.Left.Fields, pair.Right.Fields)))
            {
                lefts.Add(pair.Left);
                rights.Add(pair.Right);
            }

            steps.Add(new(WhereHolds, lefts.Count, rights.Count));
        }

        return steps;
    }

    static StepReport Step(string name, SampledSide left, SampledSide right, Func<SampleRecord, bool> passes) =>
        new(name, left.Records.Count(passes), right.Records.Count(passes));
}
