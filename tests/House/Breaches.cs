using System.Globalization;
using Xunit;

namespace AkkaJoin.House.Tests;

/// <summary>Compares what a rule finds with what its list still allows.</summary>
static class Breaches
{
    /// <summary>Fails where a breach is not allowed, or a line of the list not needed.</summary>
    /// <param name="list">The file of the list, in tests/House.</param>
    /// <param name="found">What breaks the rule: the line that would allow it, and what to tell of it.</param>
    public static void AreAllowed(string list, IEnumerable<(string Line, string Detail)> found)
    {
        var breaches = found.ToList();
        var allowed = new AllowList(list);
        var report = breaches.Where(b => !allowed.Contains(b.Line)).Select(b => $"{b.Line} {b.Detail}".TrimEnd()).Distinct().ToList();
        report.AddRange(allowed.NoLongerNeeded(breaches.Select(b => b.Line)));
        Assert.True(report.Count == 0, $"\n{string.Join('\n', report)}\n");
    }

    /// <summary>
    /// Fails where a part of the repository has more breaches than its list allows, which has a line "PART COUNT" for each. For rules with
    /// very many of them; fewer than allowed are no failure.
    /// </summary>
    /// <param name="list">The file of the list, in tests/House.</param>
    /// <param name="found">What breaks the rule: the part, and what to tell of it.</param>
    public static void AreNoMore(string list, IEnumerable<(string Part, string Detail)> found)
    {
        var parts = found.GroupBy(f => f.Part, f => f.Detail).ToDictionary(g => g.Key, g => g.ToList());
        var allowed = new AllowList(list);
        allowed.Lower(parts.ToDictionary(p => p.Key, p => p.Value.Count));
        var report = from part in parts
                     let limit = allowed.Limit(part.Key)
                     where part.Value.Count > limit
                     select string.Create(CultureInfo.InvariantCulture, $"{part.Key} has {part.Value.Count}, {limit} are allowed:\n  {string.Join("\n  ", part.Value)}");
        Assert.True(!report.Any(), $"\n{string.Join('\n', report)}\n");
    }
}
