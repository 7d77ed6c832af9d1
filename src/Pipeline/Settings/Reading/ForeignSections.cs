using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>
/// Warns of sections beside <c>akkajoin</c> and <c>akka</c>. They go to the actor system, as the settings of a plugin
/// must. But a section of AkkaJoin's that was written without its root would have no effect there, in silence. A
/// section that a substitution names was written for the substitution, and is not warned of.
/// </summary>
static class ForeignSections
{
    /// <summary>Warns of each, with its file and line.</summary>
    /// <param name="root">The whole configuration.</param>
    /// <param name="reference">The defaults alone; their sections are known.</param>
    /// <param name="referred">The first keys of the paths that substitutions name.</param>
    /// <param name="warnings">Takes the warnings.</param>
    internal static void Warn(HoconObject root, HoconObject reference, ISet<string> referred, ICollection<ConfigProblem> warnings)
    {
        foreach (var (key, value) in root.Fields)
        {
            if (key is "akkajoin" or "akka" || reference.Fields.ContainsKey(key) || referred.Contains(key))
                continue;
            var path = OneLine.Of(OneLine.Beginning(Paths.Show([key]), ReadingLimits.ShownCharacters));
            const string warning = " stands outside akkajoin { } and akka { }: AkkaJoin does not read it";
            warnings.Add(new ConfigProblem(path, warning, path, value.Origin));
            if (warnings.Count >= ReadingLimits.Problems)
                return;
        }
    }
}
