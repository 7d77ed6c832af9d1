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
    [InlineData("ssl.key.passphrase")]
    [InlineData("sasl.oauthbearer.config")]
    [InlineData("sasl.jaas.config")]
    [InlineData("akka.persistence.pwd")]
    [InlineData("akka.sentryDsn")]
    [InlineData("akka.http.auth")]
    [InlineData("akka.http.basicAuth")]
    [InlineData("akka.remote.secure-cookie")]
    [InlineData("aws.secret-access-key")]
    [InlineData("azure.AccountKey")]
    public void A_secret_is_known_by_its_key(string key) => Assert.Equal("******", Secrets.Mask(key, "hunter2"));

    [Theory]
    [InlineData("akkajoin.joins.a.left.key", "profile")]
    [InlineData("sasl.username", "me")]
    [InlineData("url", "http://host:80/x@y")]
    [InlineData("mail", "me@example.org")]
    [InlineData("sasl.mechanism", "PLAIN")]
    [InlineData("sasl.oauthbearer.method", "oidc")]
    [InlineData("sasl.oauthbearer.scope", "read")]
    [InlineData("ssl.key.location", "/etc/key")]
    [InlineData("akkajoin.cluster.tls.authority-file", "/etc/ca")]
    [InlineData("akkajoin.postgresql.connection-string-file", "/run/secrets/db")]
    [InlineData("akkajoin.joins.password-resets.left.topic", "resets")]
    [InlineData("akkajoin.joins.\"auth.token\".left.topic", "logins")]
    [InlineData("akkajoin.joins.a.where", "left.token = right.token")]
    [InlineData("akkajoin.join-defaults.where", "left.token = right.token")]
    [InlineData("akkajoin.joins.a.left.key", "[user, password-id]")]
    [InlineData("akka.compress", "true")]
    [InlineData("akka.bypass", "Author: me")]
    public void Other_values_are_shown(string key, string value) => Assert.Equal(value, Secrets.Mask(key, value));

    [Theory]
    [InlineData("http://me:pw@host/x", "http://me:******@host/x")]
    [InlineData("http://me:p@w@host", "http://me:******@host")]
    [InlineData("http://a:b@h1,http://c:d@h2", "http://a:******@h1,http://c:******@h2")]
    [InlineData("http://:pw@host", "http://:******@host")]
    [InlineData("http://a://b:c@d", "http://a://b:******@d")]
    [InlineData("://a:b@c http://x:y", "://a:b@c http://x:y")]
    public void A_password_in_a_url_is_masked(string value, string expected) => Assert.Equal(expected, Secrets.Mask("url", value));

    [Theory]
    [InlineData("Server=h;Password=a b,c;User=u", "Server=h;Password=******;User=u")]
    [InlineData("Server=h;User=u;PWD = hunter2", "Server=h;User=u;PWD = ******")]
    [InlineData("Endpoint=sb://h/;SharedAccessKeyName=n;SharedAccessKey=x=;Q=1", "Endpoint=sb://h/;SharedAccessKeyName=******;SharedAccessKey=******;Q=1")]
    [InlineData("http://h/?token=abc&x=1", "http://h/?token=******&x=1")]
    [InlineData("{\"password\": \"a;b\", \"x\": 1}", "{\"password\": \"******\", \"x\": 1}")]
    [InlineData("org.X required username='u' password='p w';", "org.X required username='u' password='******';")]
    [InlineData("[Authorization: Bearer x, Accept: y]", "[Authorization: ******")]
    [InlineData("a -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- b", "a -----BEGIN RSA PRIVATE "
        + "KEY-----******-----END RSA PRIVATE KEY----- b")]
    [InlineData("Password=", "Password=******")]
    [InlineData("tool --user u --db-password hunter2", "tool --user u --db-password ******")]
    [InlineData("Bearer ey.J", "Bearer ******")]
    public void A_secret_within_a_value_is_masked(string value, string expected) => Assert.Equal(expected, Secrets.Mask("akka.x", value));
}
