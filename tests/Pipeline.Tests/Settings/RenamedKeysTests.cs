using AkkaJoin.Pipeline.Hocon;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Settings;

public class RenamedKeysTests
{
    public static TheoryData<string, string, string> Keys()
    {
        var keys = new TheoryData<string, string, string>();
        foreach (var key in RenamedKeys.All.Where(key => key.NewSection is null))
            keys.Add(key.Section, key.Old, key.New);
        return keys;
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_older_name_is_read_and_warned_of_once(string section, string old, string @new)
    {
        var config = Read($"joins.a.{section}.{old} = {Default(section, @new)}");

        Assert.Equal("f.conf:3", Assert.Single(config.Effective, setting => setting.Key == $"akkajoin.joins.a.{section}.{@new}").Origin);
        Assert.DoesNotContain(config.Effective, setting => setting.Key.EndsWith(old, StringComparison.Ordinal));
        Assert.Equal(
            $"akkajoin.joins.a.{section}.{old} (f.conf:3) has a new name, {@new}; the older one is still read",
            Assert.Single(config.Warnings).ToString());
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_older_name_is_read_in_join_defaults_too(string section, string old, string @new) =>
        Assert.Single(Read($"join-defaults.{section}.{old} = {Default(section, @new)}").Warnings);

    [Theory]
    [MemberData(nameof(Keys))]
    public void Both_names_at_once_are_an_error(string section, string old, string @new)
    {
        var value = Default(section, @new);
        var refused = Assert.Throws<ConfigException>(() => Read($"joins.a.{section} {{ {old} = {value}\n {@new} = {value} }}"));

        Assert.Equal(
            $"akkajoin.joins.a.{section}.{old} (f.conf:3) is the older name of {@new}, which is set too (f.conf:4): set only {@new}",
            Assert.Single(refused.Problems).ToString());
    }

    [Fact]
    public void A_key_that_has_moved_to_another_section_is_read_there()
    {
        var config = Read("cluster.admin-port = 4711");
        Assert.Equal(4_711, config.Settings.Admin.Port);
        Assert.Equal(
            "akkajoin.cluster.admin-port (f.conf:3) has a new name, admin.port; the older one is still read",
            Assert.Single(config.Warnings).ToString());
        Assert.Throws<ConfigException>(() => Read("cluster.admin-port = 4711, admin.port = 4712"));
    }

    [Fact]
    public void The_older_name_carries_its_value()
    {
        Assert.Equal(3_000, Read("flow.tail-settle = 3s").Settings.Joins[0].Flow.TailWaitMs);
        Assert.Equal(4_000, Read("flow.tail-settle = 3s, joins.a.flow.tail-wait = 4s").Settings.Joins[0].Flow.TailWaitMs);
        Assert.Equal(5_000, Read("flow.tail-wait = 3s, joins.a.flow.tail-settle = 5s").Settings.Joins[0].Flow.TailWaitMs);
    }

    [Fact]
    public void A_section_that_two_joins_share_is_warned_of_where_it_is_written()
    {
        var config = Read("joins.a.flow { tail-settle = 3s }\n joins.b = ${akkajoin.joins.a} { group-id = b }");

        Assert.All(config.Settings.Joins, join => Assert.Equal(3_000, join.Flow.TailWaitMs));
        Assert.Equal("f.conf:3", Assert.Single(config.Warnings.Select(warning => warning.Origin).Distinct()).ToString());
    }

    [Theory]
    [InlineData("joins { b { } }", "joins")]
    [InlineData("flow.linger = 5ms", "flow")]
    [InlineData("kafka { bootstrap-servers = \"h:1\" }", "kafka")]
    public void A_section_outside_is_warned_of_with_file_and_line(string outside, string section) => Assert.Equal(
        $"{section} (f.conf:5) stands outside akkajoin {{ }} and akka {{ }}: AkkaJoin does not read it",
        Assert.Single(Read("", "\n" + outside).Warnings).ToString());

    [Fact]
    public void A_section_outside_that_a_substitution_names_is_not_warned_of() =>
        Assert.Empty(Read("flow.linger = ${usual.linger}", "usual.linger = 5ms\nakka.loglevel = DEBUG").Warnings);

    static string Default(string section, string key)
    {
        var document = new HoconDocument();
        foreach (var assembly in ReferenceConfig.Assemblies)
            document.AddText(ReferenceConfig.Read(assembly), ReferenceConfig.Name);
        var root = document.Resolve();
        return (root.Find($"akkajoin.{section}.{key}") ?? root.Find($"akkajoin.join-defaults.{section}.{key}"))!.ToString()!;
    }

    static LoadedConfig Read(string more, string outside = "") => ConfigReader.ReadText(
        $$"""
        akkajoin { kafka.bootstrap-servers = "h:9092", joins.a { type = inner, before = 0s, after = 10m, left.topic = impressions,
          right.topic = plays, output.topic = out }
        {{more}} }
        {{outside}}
        """,
        "f.conf",
        environment: _ => null);
}
