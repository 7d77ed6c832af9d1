using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Settings;

/// <summary>The section akkajoin of an application's configuration means what it would mean in a file.</summary>
public sealed class ConfigurationSectionTests
{
    const string File = """
        akkajoin {
          kafka { bootstrap-servers = "h:1", client { security.protocol = SSL, socket.keepalive.enable = true } }
          admin.tokens = [{ name = a, right = act, file = /t }]
          flow.linger = 5ms
          joins.Visits {
            type = left, before = 0s, after = 10m
            left { topic = l, key = [a, b.c], time = t }
            right { topic = r, key = [a, b] }
            output { topic = o, headers = [row] }
          }
        }
        """;

    static readonly Dictionary<string, string?> Section = new()
    {
        ["akkajoin:kafka:bootstrap-servers"] = "h:1",
        ["akkajoin:kafka:client:security.protocol"] = "SSL",
        ["akkajoin:kafka:client:socket.keepalive.enable"] = "true",
        ["akkajoin:admin:tokens:0:name"] = "a",
        ["akkajoin:admin:tokens:0:right"] = "act",
        ["akkajoin:admin:tokens:0:file"] = "/t",
        ["AKKAJOIN:FLOW:LINGER"] = "5ms",
        ["akkajoin:joins:Visits:type"] = "left",
        ["akkajoin:joins:Visits:before"] = "0s",
        ["akkajoin:joins:Visits:AFTER"] = "10m",
        ["akkajoin:joins:Visits:left:topic"] = "l",
        ["akkajoin:joins:Visits:left:key:0"] = "a",
        ["akkajoin:joins:Visits:left:key:1"] = "b.c",
        ["akkajoin:joins:Visits:left:time"] = "t",
        ["akkajoin:joins:Visits:right:topic"] = "r",
        ["akkajoin:joins:Visits:right:key:0"] = "a",
        ["akkajoin:joins:Visits:right:key:1"] = "b",
        ["akkajoin:joins:Visits:output:topic"] = "o",
        ["akkajoin:joins:Visits:output:headers:0"] = "row",
    };

    [Fact]
    public void A_section_gives_the_settings_that_the_file_gives()
    {
        var (section, file) = (Read(Section), ConfigReader.ReadText(File, "f.conf", environment: _ => null));
        Assert.Equal(Shown(file), Shown(section));
        Assert.Equal("Visits", Assert.Single(section.Settings.Joins).Name);

        static IEnumerable<string> Shown(LoadedConfig config) =>
            config.Effective.Select(setting => $"{setting.Key} = {setting.Value}").Order(StringComparer.Ordinal);
    }

    [Fact]
    public void A_mistake_names_the_key_of_the_section()
    {
        var e = Assert.Throws<ConfigException>(() => Read(new(Section) { ["akkajoin:joins:Visits:left:tpoic"] = "x" }));
        Assert.Equal(
            "unknown key akkajoin.joins.Visits.left.tpoic (IConfiguration, akkajoin:joins:Visits:left:tpoic); did you mean topic?",
            e.Message);
    }

    [Fact]
    public void A_configuration_without_the_section_is_refused()
    {
        var e = Assert.Throws<ConfigException>(() => Read(new() { ["joins:a:type"] = "inner" }));
        Assert.Contains("there is no section akkajoin", e.Message, StringComparison.Ordinal);
    }

    static LoadedConfig Read(Dictionary<string, string?> values) =>
        ConfigReader.ReadSection(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), _ => null);
}
