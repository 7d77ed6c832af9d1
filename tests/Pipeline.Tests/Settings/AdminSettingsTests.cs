using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Settings;

/// <summary>What is taken below <c>akkajoin.admin</c>, and what is refused.</summary>
public sealed class AdminSettingsTests
{
    [Fact]
    public void Without_a_word_the_port_is_on_loopback_and_has_no_tokens_of_the_configuration()
    {
        var admin = Read("");
        Assert.Equal(("127.0.0.1", 9_110, null), (admin.Host, admin.Port, admin.HealthPort));
        Assert.True(admin.IsLoopback);
        Assert.Empty(admin.Tokens);
    }

    [Fact]
    public void The_limits_of_explain_are_read_and_stand_in_the_reference_as_in_the_program()
    {
        Assert.Equal(new ExplainLimits(), Read("").Explain);
        var limits = Read("explain { max-records = 10, max-bytes = 1 MiB, timeout = 500 ms, at-once = 1 }").Explain;
        var expected = new ExplainLimits { RecordsMax = 10, BytesMax = 1 << 20, TimeMax = TimeSpan.FromMilliseconds(500), AtOnceMax = 1 };
        Assert.Equal(expected, limits);
    }

    [Fact]
    public void Tokens_have_a_name_a_right_and_a_file()
    {
        var admin = Read("tokens = [{ name = ops, right = act, file = \"/run/ops\" }, { name = eye, right = state, file = f }]");
        Assert.Equal([new AdminGrant("ops", AdminRight.Act, "/run/ops"), new AdminGrant("eye", AdminRight.State, "f")], admin.Tokens);
    }

    [Theory]
    [InlineData("host = \"0.0.0.0\"", "akkajoin.admin.host", "must be a loopback address")]
    [InlineData("host = \"node-1\"", "akkajoin.admin.host", "must be a loopback address")]
    [InlineData("port = 70000", "akkajoin.admin.port", "must lie between 0 and 65535")]
    [InlineData("tokens = [{ name = a, right = all, file = f }]", "akkajoin.admin.tokens", "must have elements { name = ...")]
    [InlineData("tokens = [{ name = a, right = act }]", "akkajoin.admin.tokens", "must have elements")]
    [InlineData(
        "tokens = [{ name = a, right = act, file = f }, { name = a, right = act, file = g }]",
        "akkajoin.admin.tokens",
        "each with a name of its own")]
    [InlineData("tokens = secret", "akkajoin.admin.tokens", "must be a list")]
    [InlineData("clients = [{ subject = \"CN=a\", right = act }]", "akkajoin.admin.clients", "needs admin.tls.client-authority-file")]
    [InlineData("explain.max-records = 0", "akkajoin.admin.explain.max-records", "must lie between 1 and 100000000")]
    [InlineData("explain.max-bytes = 1 KiB", "akkajoin.admin.explain.max-bytes", "must lie between 64 KiB and 16 GiB")]
    [InlineData("explain.timeout = 2 minutes", "akkajoin.admin.explain.timeout", "must lie between 100 ms and 1 min")]
    [InlineData("explain.at-once = 17", "akkajoin.admin.explain.at-once", "must lie between 1 and 16")]
    [InlineData("explain.at-onze = 2", "unknown key akkajoin.admin.explain.at-onze", "did you mean at-once?")]
    [InlineData("tls.key-file = none.pem", "akkajoin.admin.tls.certificate-file", "is missing")]
    public void What_cannot_be_meant_is_refused_with_its_key(string admin, string key, string expected)
    {
        var refused = Assert.Throws<ConfigException>(() => Read(admin));
        Assert.Equal(78, refused.ExitCode);
        Assert.Contains(refused.Problems, problem => problem.ToString().StartsWith(key, StringComparison.Ordinal)
            && problem.ToString().Contains(expected, StringComparison.Ordinal));
    }

    static AdminSettings Read(string admin) => ConfigReader.ReadText(
        $$"""
        akkajoin {
          kafka.bootstrap-servers = "h:1"
          admin { {{admin}} }
          joins.j { type = full, before = 0s, after = 1s, left.topic = l, right.topic = r, output.topic = o }
        }
        """,
        "test.conf",
        environment: _ => null).Settings.Admin;
}
