using System.Runtime.CompilerServices;
using AkkaJoin.Pipeline.Hocon;
using AkkaJoin.Pipeline.Settings;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Settings;

/// <summary>docs/configuration.md and reference.conf say the same.</summary>
public class ConfigurationDocumentTests
{
    [Fact]
    public void Every_key_of_reference_conf_stands_in_the_document_with_its_default()
    {
        var rows = File.ReadLines(DocumentPath()).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();

        foreach (var (key, value) in Leaves((HoconObject)Reference().Find("akkajoin")!, ""))
        {
            var row = Assert.Single(rows, row => row.Split('|')[1].Split(',').Any(cell => cell.Trim() == $"`{key}`"));
            if (value is not HoconNull) Assert.Equal($"`{Text(value)}`", row.Split('|')[2].Trim());
        }
    }

    [Fact]
    public void Every_key_of_the_document_stands_in_reference_conf()
    {
        var known = Leaves((HoconObject)Reference().Find("akkajoin")!, "").Select(leaf => leaf.Key).ToHashSet();
        var rows = File.ReadLines(DocumentPath()).Where(line => line.StartsWith("| `", StringComparison.Ordinal));

        Assert.All(rows.SelectMany(row => row.Split('|')[1].Split(',')), cell => Assert.Contains(cell.Trim().Trim('`'), known));
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

    static string Text(HoconValue value) => value.ToString()!;

    static string DocumentPath([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "configuration.md");
}
