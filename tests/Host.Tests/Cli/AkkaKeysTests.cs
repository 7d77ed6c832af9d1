using AkkaJoin.Host.Cli;
using AkkaJoin.Pipeline.Settings;
using Xunit;

namespace AkkaJoin.Host.Tests.Cli;

/// <summary>Keys below akka that the program sets itself.</summary>
public sealed class AkkaKeysTests
{
    const string Joins = """
        akkajoin { kafka.bootstrap-servers = "h:1", joins.a { type = inner, before = 0s, after = 1s, left.topic = l, right.topic = r, output.topic = o } }
        """;

    [Theory]
    [InlineData("akka.remote.dot-netty.tcp.hostname = 0.0.0.0", "akka.remote.dot-netty.tcp.hostname cannot be set (f.conf:2): the program sets it; use akkajoin.cluster.bind-hostname")]
    [InlineData("akka { remote { dot-netty { tcp { enable-ssl = off } } } }", "akka.remote.dot-netty.tcp.enable-ssl cannot be set (f.conf:2): the nodes always speak mutual TLS; use akkajoin.cluster.tls")]
    [InlineData("akka.remote.dot-netty.tcp { ssl { suppress-validation = true } }", "akka.remote.dot-netty.tcp.ssl cannot be set (f.conf:2): the nodes always speak mutual TLS")]
    [InlineData("akka.actor.serializers.json = \"X\"", "akka.actor.serializers cannot be set (f.conf:2): ")]
    [InlineData("akka.actor { serialization-bindings { \"System.Object\" = json } }", "akka.actor.serialization-bindings cannot be set (f.conf:2): ")]
    [InlineData("akka.remote.untrusted-mode = off", "akka.remote.untrusted-mode cannot be set (f.conf:2): ")]
    [InlineData("akka.actor.provider = local", "akka.actor.provider cannot be set (f.conf:2): ")]
    [InlineData("akka.cluster.seed-nodes = []", "akka.cluster.seed-nodes cannot be set (f.conf:2): the program sets it; use akkajoin.cluster.seeds")]
    [InlineData("akka.cluster.sharding.remember-entities = on", "akka.cluster.sharding.remember-entities cannot be set (f.conf:2): ")]
    [InlineData("akka.remote = off", "akka.remote must be an object in braces (f.conf:2), not ")]
    public void A_key_that_the_program_sets_is_refused_with_the_one_to_use(string line, string expected)
    {
        var refused = Assert.Throws<ConfigException>(() => ConfigLoader.LoadText(Joins + "\n" + line, "f.conf"));
        Assert.Contains(refused.Problems, problem => problem.ToString().Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_the_programs_can_be_set() => Assert.Equal("20s", ConfigLoader.LoadText(
        Joins + "\nakka { loglevel = DEBUG, cluster { failure-detector.acceptable-heartbeat-pause = 20s }, remote.dot-netty.tcp.connection-timeout = 3s }",
        "f.conf").Akka.GetString("akka.cluster.failure-detector.acceptable-heartbeat-pause"));

    [Theory]
    [InlineData("akkajoin.cluster { hostname = node-1, tls.mode = off }", "akkajoin.cluster.hostname (f.conf:2) must be a loopback address")]
    [InlineData("akkajoin.cluster.tls { mode = off, certificate-file = c, key-file = k, authority-file = a }", "akkajoin.cluster.tls.mode (f.conf:2) is off, but certificate-file is set")]
    [InlineData("akkajoin.cluster.tls.mode = none", "akkajoin.cluster.tls.mode (f.conf:2) must be auto or off")]
    public void TLS_is_off_on_loopback_alone(string line, string expected)
    {
        var refused = Assert.Throws<ConfigException>(() => ConfigLoader.LoadText(Joins + "\n" + line, "f.conf"));
        Assert.Contains(refused.Problems, problem => problem.ToString().Contains(expected, StringComparison.Ordinal));
    }
}
