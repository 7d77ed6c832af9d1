using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>A key that had another name in an earlier release.</summary>
/// <param name="Section">
/// The object that holds it, beside <c>akkajoin</c> itself or in a join: <c>flow</c>, <c>attribution</c>.
/// </param>
/// <param name="Old">The name that is still read.</param>
/// <param name="New">The name in reference.conf.</param>
/// <param name="NewSection">The object that holds it now; null = the same.</param>
sealed record RenamedKey(string Section, string Old, string New, string? NewSection = null)
{
    /// <summary>The new name as the user writes it: with its section where that is another one.</summary>
    public string Shown => NewSection is null ? New : $"{NewSection}.{New}";
}

/// <summary>
/// The keys with an older name. The older one is read as the new one and warned of, once for each place where it is
/// written. All readers below know the new names alone. To rename a key: write the new name into reference.conf and its
/// reader, and add a line here.
/// </summary>
static class RenamedKeys
{
    /// <summary>All of them.</summary>
    internal static IReadOnlyList<RenamedKey> All { get; } =
    [
        new("flow", "tail-settle", "tail-wait"),
        new("attribution", "max-collapsed", "max-lefts"),
        new("cluster", "admin-port", "port", "admin"),
    ];

    /// <summary>Gives the renamed keys of a whole configuration their new names.</summary>
    /// <param name="root">The user's configuration over the defaults; it is changed.</param>
    /// <param name="problems">Takes keys that are given under both names.</param>
    /// <param name="warnings">Takes a warning for each key with an older name.</param>
    internal static void Rename(HoconObject root, ProblemList problems, ICollection<ConfigProblem> warnings)
    {
        if (root.Find("akkajoin") is not HoconObject own)
            return;
        RenameIn(own, "akkajoin", problems, warnings);
        if (own.Find("join-defaults") is HoconObject defaults)
            RenameIn(defaults, "akkajoin.join-defaults", problems, warnings);
        if (own.Find("joins") is not HoconObject joins)
            return;
        foreach (var (name, value) in joins.Fields)
        {
            if (value is HoconObject join)
                RenameIn(join, $"akkajoin.joins.{Paths.Show([name])}", problems, warnings);
        }
    }

    static void RenameIn(HoconObject around, string path, ProblemList problems, ICollection<ConfigProblem> warnings)
    {
        foreach (var key in All)
        {
            // A section that has moved is beside akkajoin itself, never in a join.
            if (key.NewSection is not null && path != "akkajoin")
                continue;
            if (around.Fields.GetValueOrDefault(key.Section) is not HoconObject section
                || !section.Fields.TryGetValue(key.Old, out var old))
                continue;
            var full = $"{path}.{key.Section}.{key.Old}";
            var target = key.NewSection is null ? section : TargetOf(around, key.NewSection, section.Origin);
            if (target.Fields.TryGetValue(key.New, out var other) && other.Origin.File != ReferenceConfig.Name)
            {
                var problem = $"is the older name of {key.Shown}, which is set too ({other.Origin}): set only {key.Shown}";
                problems.Add(full, old.Origin, problem);
            }
            else
            {
                warnings.Add(
                    new ConfigProblem(full, $" has a new name, {key.Shown}; the older one is still read", full, old.Origin));
            }

            section.Move(key.Old, target, key.New);
        }
    }
    // A user's configuration without defaults has no such object yet.
    static HoconObject TargetOf(HoconObject around, string name, HoconOrigin origin)
    {
        if (around.Fields.GetValueOrDefault(name) is HoconObject found)
            return found;
        var made = new HoconObject(origin);
        around.Set(name, made);
        return made;
    }
}
