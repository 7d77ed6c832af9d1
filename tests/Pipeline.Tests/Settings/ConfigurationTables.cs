using System.Text;
using System.Text.RegularExpressions;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Tests.Settings;

/// <summary>
/// Makes the tables of docs/configuration.md of the keys, defaults and comments of reference.conf. A table stands
/// between two marks,
/// <c>&lt;!-- keys: NAME --&gt;</c> and <c>&lt;!-- end of keys --&gt;</c>; every key belongs to one table by its path alone, so that a new one needs no word here.
/// </summary>
static partial class ConfigurationTables
{
    const string End = "<!-- end of keys -->";
    const string Head = "| key | default | meaning |\n|---|---|---|\n";

    static readonly (string Table, string Prefix, string Shown)[] Tables =
    [
        // The longest prefix decides.
        ("akkajoin", "akkajoin.", ""),
        ("cluster", "akkajoin.cluster.", "cluster."),
        ("admin", "akkajoin.admin.", "admin."),
        ("kafka", "akkajoin.kafka.", "kafka."),
        ("flow", "akkajoin.flow.", "flow."),
        ("join", "akkajoin.join-defaults.", ""),
        ("sides", "akkajoin.join-defaults.left.", "left."),
        ("", "akkajoin.join-defaults.right.", ""), // as the left one
        ("output", "akkajoin.join-defaults.output.", "output."),
    ];

    /// <summary>The document with its tables as they should be.</summary>
    /// <exception cref="InvalidOperationException">A mark is missing.</exception>
    internal static string Renew(string document)
    {
        var keys = ReferenceConfig.Assemblies.SelectMany(assembly => ReferenceKeys.Read(ReferenceConfig.Read(assembly)))
            .Where(key => !Tables.Any(table => table.Prefix == key.Path + ".")).ToList(); // what has a table needs no row
        foreach (var (table, rows) in keys.GroupBy(key => TableOf(key.Path).Table).Where(group => group.Key.Length > 0)
            .Select(group => (group.Key, group)))
        {
            var mark = $"<!-- keys: {table} -->\n";
            var from = document.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at
                ? at + mark.Length
                : throw new InvalidOperationException($"docs/configuration.md lacks the mark {mark}");
            var to = document.IndexOf(End, from, StringComparison.Ordinal) is >= 0 and var end
                ? end
                : throw new InvalidOperationException($"docs/configuration.md lacks the mark {End} behind {mark}");
            document = document[..from] + Head + string.Concat(rows.Select(Row)) + document[to..];
        }

        return document;
    }

    static (string Table, string Prefix, string Shown) TableOf(string path) =>
        Tables.Where(table => path.StartsWith(table.Prefix, StringComparison.Ordinal)).MaxBy(table => table.Prefix.Length);

    static string Row(ReferenceKey key)
    {
        var (table, prefix, shown) = TableOf(key.Path);
        var name = key.Path[prefix.Length..];
        var cell = table == "sides" ? $"`left.{name}`, `right.{name}`" : $"`{shown}{name}`";
        var value = key.Value switch
        {
            "" => "",
            "null" when Required().IsMatch(key.Comment) => "required",
            "null" => "not set",
            var text => $"`{text}`",
        };
        return $"| {cell} | {value} | {Markdown(key.Comment)} |\n";
    }

    static string Markdown(string comment)
    {
        var text = NullIs().Replace(comment, "not set =").Replace("|", "\\|", StringComparison.Ordinal);
        return Document().Replace(text, match => $"[{match.Groups[1]}]({match.Groups[1]}.md{match.Groups[2]})");
    }

    [GeneratedRegex(@"\brequired\b", RegexOptions.CultureInvariant)]
    private static partial Regex Required();

    [GeneratedRegex(@"\bnull =", RegexOptions.CultureInvariant)]
    private static partial Regex NullIs();

    [GeneratedRegex(@"docs/([a-z]+)\.md(#[a-z0-9-]+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Document();
}
