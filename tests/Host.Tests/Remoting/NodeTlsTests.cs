using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using AkkaJoin.Host.Remoting;
using AkkaJoin.Host.Tests.Clustering;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal.Postgresql;
using AkkaJoin.Shards.Journal.Sqlite;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Host.Tests.Remoting;

/// <summary>Whom a node takes for another node.</summary>
public sealed class NodeTlsTests(RealPostgres postgres) : IClassFixture<RealPostgres>, IDisposable
{
    const string ServerUse = "1.3.6.1.5.5.7.3.1", ClientUse = "1.3.6.1.5.5.7.3.2";
    readonly string _directory = Directory.CreateTempSubdirectory("akkajoin-tls-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_node_without_certificate_files_makes_a_certificate_at_its_first_start_and_takes_no_other()
    {
        using var journal = SqliteJournal.Open(In("one"));
        using var other = SqliteJournal.Open(In("other"));
        var own = NodeTls.OfJournal(journal);
        Assert.True(Takes(own, own.Certificate));
        Assert.True(Takes(own, NodeTls.OfJournal(journal).Certificate)); // after another start
        Assert.False(Takes(own, NodeTls.OfJournal(other).Certificate));
        Assert.False(Takes(own, null));
    }

    [Fact]
    public void The_key_beside_the_SQLite_journal_is_for_its_owner_alone_and_one_that_others_may_read_is_made_anew()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var journal = SqliteJournal.Open(In("one"));
        var file = Path.Combine(In("one"), "node.pem");
        var first = NodeTls.OfJournal(journal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.False(Takes(first, NodeTls.OfJournal(journal).Certificate));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_file_that_holds_no_key_is_named_with_what_to_do()
    {
        using var journal = SqliteJournal.Open(In("one"));
        NodeTls.OfJournal(journal);
        File.WriteAllText(Path.Combine(In("one"), "node.pem"), "nonsense");
        Assert.Contains("delete it (node.pem", Assert.Throws<UserException>(() => NodeTls.OfJournal(journal)).Message, StringComparison.Ordinal);
    }

    [RealPostgresFact]
    public async Task Nodes_that_start_at_once_on_one_PostgreSQL_have_one_certificate()
    {
        var options = new PostgresOptions(postgres.CreateDatabase(), "public", true, TimeSpan.FromSeconds(30));
        using var journal = PostgresJournal.Open(options);
        using var second = PostgresJournal.Open(options);
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => NodeTls.OfJournal(i % 2 == 0 ? journal : second))));
        Assert.All(made, node => Assert.True(Takes(made[0], node.Certificate)));
    }

    [Fact]
    public void A_certificate_of_the_authority_counts_unless_it_says_that_it_is_for_servers_or_for_clients_alone()
    {
        using var authority = new TestAuthority(_directory, "ours");
        var own = Node(authority, "own");
        Assert.True(Takes(own, Node(authority, "silent").Certificate));
        Assert.True(Takes(own, Node(authority, "both", ServerUse, ClientUse).Certificate));
        Assert.False(Takes(own, Node(authority, "server", ServerUse).Certificate));
        Assert.False(Takes(own, Node(authority, "client", ClientUse).Certificate));
    }

    string In(string name) => Path.Combine(_directory, name);

    NodeTls Node(TestAuthority authority, string name, params string[] uses)
    {
        authority.Issue(name, uses);
        return NodeTls.OfFiles(new TlsSettings(In(name + ".pem"), In(name + "-key.pem"), authority.File));
    }

    static bool Takes(NodeTls node, X509Certificate2? shown) => node.Takes(shown, null, "peer", NoLogger.Instance);
}
