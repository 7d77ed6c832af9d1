using System.Globalization;

namespace AkkaJoin.House.Tests;

/// <summary>
/// What a rule does not hold for yet, one a line. Such a list may only shrink: a line that is no longer needed fails the test too.
/// With <c>AKKAJOIN_HOUSE=strict</c> all lists are empty, so that the tests tell all that is left to do; with
/// <c>AKKAJOIN_HOUSE=shrink</c> they take the lines out that are no longer needed.
/// </summary>
sealed class AllowList
{
    static readonly string? Mode = Environment.GetEnvironmentVariable("AKKAJOIN_HOUSE");

    readonly string _file;
    readonly HashSet<string> _lines;

    /// <summary>Reads tests/House/<paramref name="file"/>; a list that is not there is empty.</summary>
    public AllowList(string file)
    {
        _file = file;
        var path = FullPath(file);
        _lines = Mode == "strict" || !File.Exists(path) ? [] : [.. File.ReadLines(path).Where(l => l.Length > 0 && l[0] != '#')];
    }

    /// <summary>Is this one allowed?</summary>
    public bool Contains(string breach) => _lines.Contains(breach);

    /// <summary>One line of text for each line of the list that is not among <paramref name="breaches"/>.</summary>
    public IEnumerable<string> NoLongerNeeded(IEnumerable<string> breaches)
    {
        var gone = _lines.Except(breaches).ToHashSet();
        if (Mode != "shrink" || gone.Count == 0)
            return gone.Select(l => $"no longer needed in tests/House/{_file} (AKKAJOIN_HOUSE=shrink takes it out): {l}");
        File.WriteAllLines(FullPath(_file), File.ReadAllLines(FullPath(_file)).Where(l => !gone.Contains(l)));
        return [];
    }

    /// <summary>The number of a line "<paramref name="part"/> NUMBER"; 0 where there is none.</summary>
    public int Limit(string part) =>
        _lines.Where(l => l.StartsWith(part + ' ', StringComparison.Ordinal)).Select(l => int.Parse(l[(part.Length + 1)..], CultureInfo.InvariantCulture)).SingleOrDefault();

    /// <summary>With <c>AKKAJOIN_HOUSE=shrink</c>: lowers the numbers to these.</summary>
    public void Lower(IReadOnlyDictionary<string, int> counts)
    {
        if (Mode != "shrink" || _lines.Count == 0)
            return;
        var parts = _lines.Select(l => l[..l.LastIndexOf(' ')]).Order(StringComparer.Ordinal);
        File.WriteAllLines(
            FullPath(_file),
            from part in parts
            let count = Math.Min(Limit(part), counts.GetValueOrDefault(part))
            where count > 0
            select string.Create(CultureInfo.InvariantCulture, $"{part} {count}"));
    }

    static string FullPath(string file) => Path.Combine(Product.Root, "tests", "House", file);
}
