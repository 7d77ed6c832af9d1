using AkkaJoin.Pipeline.Settings;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Settings;

public class SecretsTests
{
    [Theory]
    [InlineData("akkajoin.kafka.client.sasl.password")]
    [InlineData("ssl.key.password")]
    [InlineData("ssl.key.pem")]
    [InlineData("ssl_key_pem")]
    [InlineData("sasl.oauthbearer.client.secret")]
    [InlineData("some.token")]
    [InlineData("akkajoin.postgresql.connection-string")]
    [InlineData("akka.persistence.journal.sql.ConnectionString")]
    [InlineData("my.key.string")]
    public void A_secret_is_known_by_its_key(string key) => Assert.Equal("******", Secrets.Mask(key, "hunter2"));

    [Theory]
    [InlineData("akkajoin.joins.a.left.key", "profile")]
    [InlineData("sasl.username", "me")]
    [InlineData("url", "http://host:80/x@y")]
    [InlineData("mail", "me@example.org")]
    public void Other_values_are_shown(string key, string value) => Assert.Equal(value, Secrets.Mask(key, value));

    [Theory]
    [InlineData("http://me:pw@host/x", "http://me:******@host/x")]
    [InlineData("http://me:p@w@host", "http://me:******@host")]
    [InlineData("http://a:b@h1,http://c:d@h2", "http://a:******@h1,http://c:******@h2")]
    [InlineData("http://:pw@host", "http://:******@host")]
    public void A_password_in_a_url_is_masked(string value, string expected) => Assert.Equal(expected, Secrets.Mask("url", value));
}
