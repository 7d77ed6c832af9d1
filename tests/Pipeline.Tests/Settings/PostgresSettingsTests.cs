using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Journal.Postgresql;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Settings;

/// <summary>Where the connection string comes from, and that it goes nowhere.</summary>
public sealed class PostgresSettingsTests : IDisposable
{
    const string Text = "Host=db;Database=joins;Username=u;Password=hunter2";
    readonly TemporaryDirectory _directory = new();

    [Fact]
    public void It_stands_in_the_file()
    {
        var read = Read($"postgresql {{ connection-string = \"{Text}\", schema = joins, create-schema = off, connect-timeout = 5s }}");
        Assert.Equal(new PostgresOptions(Text, "joins", false, TimeSpan.FromSeconds(5)), read.Settings.Journal.Postgresql);
    }

    [Fact]
    public void It_stands_in_a_file_of_its_own_whose_path_may_be_shown()
    {
        var path = _directory.Write("connection", Text + "\n");
        var read = Read($"postgresql.connection-string-file = \"{path}\"");
        Assert.Equal(Text, read.Settings.Journal.Postgresql!.ConnectionString);
        Assert.Contains(read.Effective, s => s.Key == "akkajoin.postgresql.connection-string-file"
            && s.Value.Contains(path, StringComparison.Ordinal));
    }

    [Fact]
    public void It_comes_from_the_environment_where_the_file_names_none()
    {
        var read = Read("", Text);
        Assert.Equal(Text, read.Settings.Journal.Postgresql!.ConnectionString);
        Assert.Contains(
            new EffectiveSetting("akkajoin.postgresql.connection-string", "******", "environment AKKAJOIN_POSTGRESQL"), read.Effective);
        Assert.Equal(Text, Read($"postgresql.connection-string = \"{Text}\"", "Host=other;Database=x").Settings.Journal.Postgresql!.ConnectionString);
    }

    [Theory]
    [InlineData("postgresql.connection-string = \"Host=db;Password=a;hunter2=b\"")]
    [InlineData("postgresql.connection-string = \"postgresql://u:hunter2@db/x\"")]
    [InlineData("postgresql.connection-string = [\"hunter2\"]")]
    public void One_that_is_wrong_is_not_quoted(string setting)
    {
        var refused = Assert.Throws<ConfigException>(() => Read(setting));
        Assert.Equal(78, refused.ExitCode);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_settings_do_not_show_it()
    {
        var read = Read($"postgresql.connection-string = \"{Text}\"");
        Assert.DoesNotContain("hunter2", read.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", read.Settings.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(read.Effective, s => s.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    public void Dispose() => _directory.Dispose();

    static LoadedConfig Read(string settings, string? environment = null) => ConfigReader.ReadText(
        $$"""
        akkajoin {
          kafka.bootstrap-servers = "h:1", journal = postgresql
          {{settings}}
          joins.a { type = inner, before = 0s, after = 1m, left.topic = l, right.topic = r, output.topic = o }
        }
        """,
        "f.conf",
        environment: name => name == PostgresOptions.Variable ? environment : null);
}
