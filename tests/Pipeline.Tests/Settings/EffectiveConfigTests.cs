using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Settings;

public class EffectiveConfigTests
{
    const string Text = """
        akkajoin {
          kafka { bootstrap-servers = ${SERVERS}, client { sasl.password = ${PASSWORD}, client.id = "http://a:b@h" } }
          joins.a {
            type = inner, before = 0s, after = 10m
            left { topic = l, key = [x, y] }
            right.topic = r
            output.topic = o
            flow.linger = 1s
          }
        }
        akka.loglevel = DEBUG
        """;

    [Theory]
    [InlineData("akkajoin.kafka.bootstrap-servers", "h:1", "environment SERVERS")]
    [InlineData("akkajoin.kafka.client.sasl.password", "******", "environment PASSWORD")]
    [InlineData("akkajoin.kafka.client.client.id", "http://a:******@h", "f.conf:2")]
    [InlineData("akkajoin.kafka.connect-timeout", "30s", "reference.conf")]
    [InlineData("akkajoin.journal", "sqlite", "reference.conf")]
    [InlineData("akkajoin.joins.a.before", "0s", "f.conf:4")]
    [InlineData("akkajoin.joins.a.bounds", "[]", "reference.conf")]
    [InlineData("akkajoin.joins.a.left.key", "[x, y]", "f.conf:5")]
    [InlineData("akkajoin.joins.a.right.key", "record-key", "reference.conf")]
    [InlineData("akkajoin.joins.a.where", "not set", "reference.conf")]
    [InlineData("akkajoin.joins.a.group-id", "akkajoin-a", "default")]
    [InlineData("akkajoin.joins.a.output.late-topic", "o.late", "default")]
    [InlineData("akkajoin.joins.a.output.dead-letter-topic", "o.dead", "default")]
    [InlineData("akkajoin.joins.a.flow.linger", "1s", "f.conf:8")]
    [InlineData("akkajoin.flow.linger", "adaptive", "reference.conf")]
    [InlineData("akkajoin.cluster.port", "2552", "environment AKKAJOIN_PORT")]
    [InlineData("akka.loglevel", "DEBUG", "f.conf:11")]
    public void A_key_is_listed_with_its_value_and_origin(string key, string value, string origin) =>
        Assert.Equal(new EffectiveSetting(key, value, origin), Assert.Single(List(), setting => setting.Key == key));

    [Fact]
    public void No_key_is_listed_twice_and_no_secret_at_all()
    {
        var settings = List();

        Assert.Equal(settings.Count, settings.Select(setting => setting.Key).Distinct().Count());
        Assert.DoesNotContain(settings, setting => setting.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    static string? Environment(string name) => name switch
    {
        "SERVERS" => "h:1",
        "PASSWORD" => "hunter2",
        "AKKAJOIN_PORT" => "2552",
        _ => null,
    };

    static IReadOnlyList<EffectiveSetting> List() =>
        ConfigReader.ReadText(Text, "f.conf", environment: Environment).Effective;
}
