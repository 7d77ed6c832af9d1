using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Settings;

/// <summary>
/// What librdkafka refuses when a client is made is refused when the configuration is read: check and run have one
/// rule.
/// </summary>
public class ClientRulesTests
{
    [Theory]
    [InlineData("producer.acks = 1", "akkajoin.kafka.producer.acks (f.conf:2) is refused by librdkafka: ", "`acks` must be set to `all`")]
    [InlineData("client.acks = 0", "akkajoin.kafka.client.acks (f.conf:2) is refused by librdkafka: ", "`acks` must be set to `all`")]
    [InlineData("producer { max.in.flight = 100 }", "akkajoin.kafka.producer", "max.in.flight")]
    [InlineData("consumer.max.poll.interval.ms = 1000", "akkajoin.kafka.consumer.max.poll.interval.ms (f.conf:2) is refused by "
        + "librdkafka: ", "`max.poll.interval.ms`must be >= `session.timeout.ms`")]
    [InlineData("session-timeout = 20m", "akkajoin.kafka.session-timeout (f.conf:2) is refused by librdkafka: ", "`session.timeout.ms`")]
    [InlineData("client { security.protocol = ssl, ssl.ca.location = \"/none/ca.pem\" }", "akkajoin.kafka.client.ssl.ca.location "
        + "(f.conf:2)", "ssl.ca.location failed")]
    public void What_a_client_would_refuse_is_an_error_with_its_place_and_78(string keys, string beginning, string reason)
    {
        var error = Assert.Throws<ConfigException>(() => Read(keys));
        Assert.Equal(78, error.ExitCode);
        Assert.All(error.Problems, problem => Assert.Equal("f.conf:2", problem.Origin.ToString()));
        Assert.Contains(error.Problems, problem => problem.ToString().StartsWith(beginning, StringComparison.Ordinal)
            && problem.ToString().Contains(reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("client { client.id = x }, producer.acks = all, consumer.max.poll.interval.ms = 600000")]
    [InlineData("client { security.protocol = sasl_plaintext, sasl.mechanism = PLAIN, sasl.username = u, sasl.password = p }")]
    [InlineData("producer.acks = -1")]
    public void What_a_client_takes_is_good(string keys) => Read(keys);

    static void Read(string keys) => ConfigReader.ReadText(
        $"akkajoin {{ joins.a {{ type = inner, before = 0s, after = 10m, left.topic = l, right.topic = r, output.topic = o }}, "
            + $"kafka.bootstrap-servers = \"h:1\"\n kafka {{ {keys} }}\n}}",
        "f.conf", environment: _ => null);
}
