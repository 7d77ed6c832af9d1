using System.Runtime.CompilerServices;
using AkkaJoin.Pipeline.Hocon;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Settings;

/// <summary>docs/configuration.md and reference.conf say the same.</summary>
public class ConfigurationDocumentTests
{
    /// <summary>
    /// After a change of reference.conf: AKKAJOIN_WRITE_DOCS=1 dotnet test tests/Pipeline.Tests --filter
    /// ConfigurationDocumentTests writes them.
    /// </summary>
    [Fact]
    public void The_tables_of_the_document_are_made_of_reference_conf()
    {
        var document = File.ReadAllText(DocumentPath());
        var renewed = ConfigurationTables.Renew(document);
        if (Environment.GetEnvironmentVariable("AKKAJOIN_WRITE_DOCS") is { Length: > 0 })
            File.WriteAllText(DocumentPath(), renewed);
        else
            Assert.Equal(renewed.Split('\n'), document.Split('\n'));
    }

    [Fact]
    public void Every_key_has_a_row_in_exactly_one_table_and_no_table_has_another_row()
    {
        var rows = File.ReadLines(DocumentPath()).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(row => row.Split('|')[1].Split(',')).Select(cell => cell.Trim().Trim('`')).ToList();
        var known = Leaves((HoconObject)Reference().Find("akkajoin")!, "").Select(leaf => leaf.Key).ToList();

        Assert.Equal(rows.Count, rows.Distinct().Count());
        Assert.Empty(known.Except(rows));
        Assert.All(rows.Except(known), row => Assert.Contains(known, key => key.StartsWith(row + ".", StringComparison.Ordinal))); // an object with a comment
    }

    [Fact]
    public void Left_and_right_are_described_alike()
    {
        var keys = ReferenceConfig.Assemblies.SelectMany(assembly => ReferenceKeys.Read(ReferenceConfig.Read(assembly))).ToList();
        static IEnumerable<string> Of(IEnumerable<ReferenceKey> keys, string side) => keys
            .Where(key => key.Path.StartsWith($"akkajoin.join-defaults.{side}.", StringComparison.Ordinal))
            .Select(key => $"{key.Path[(key.Path.LastIndexOf('.') + 1)..]} = {key.Value} # {key.Comment}");
        Assert.Equal(Of(keys, "left"), Of(keys, "right"));
    }

    [Fact]
    public void Every_key_of_reference_conf_has_a_comment_above_it()
    {
        foreach (var assembly in ReferenceConfig.Assemblies)
        {
            var lines = ReferenceConfig.Read(assembly).Split('\n').Select(line => line.Trim()).ToList();
            for (var i = 1; i < lines.Count; i++)
            {
                if (lines[i].Contains(" = ", StringComparison.Ordinal) && !lines[i].StartsWith('#'))
                    Assert.StartsWith("#", lines[i - 1], StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void The_file_to_begin_with_is_good()
    {
        var document = File.ReadAllText(DocumentPath());
        var example = document.Split("```hocon\n")[1].Split("```")[0];

        var config = ConfigReader.ReadText(
            example, "example.conf", environment: name => name is "KAFKA_USER" or "KAFKA_PASSWORD" ? "x" : null);

        Assert.Equal("take-rate", Assert.Single(config.Settings.Joins).Name);
    }

    static HoconObject Reference()
    {
        var document = new HoconDocument();
        foreach (var assembly in ReferenceConfig.Assemblies) document.AddText(ReferenceConfig.Read(assembly), ReferenceConfig.Name);
        return document.Resolve();
    }

    /// <summary>Keys relative to akkajoin; those of join-defaults relative to a join.</summary>
    static IEnumerable<(string Key, HoconValue Value)> Leaves(HoconObject values, string path)
    {
        foreach (var (key, value) in values.Fields)
        {
            var full = key == "join-defaults" ? "" : path.Length == 0 ? key : $"{path}.{key}";
            if (value is HoconObject { Fields.Count: > 0 } below)
            {
                foreach (var leaf in Leaves(below, full)) yield return leaf;
            }
            else
            {
                yield return (full, value);
            }
        }
    }


    static string DocumentPath([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "configuration.md");
}
