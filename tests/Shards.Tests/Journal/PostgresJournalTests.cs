using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Postgresql;
using AkkaJoin.Shards.Tests.Databases;
using Npgsql;
using Xunit;

namespace AkkaJoin.Shards.Tests.Journal;

/// <summary>What a PostgreSQL must be like, and what is said where it is not.</summary>
public sealed class PostgresJournalTests(RealPostgres server) : IClassFixture<RealPostgres>
{
    [RealPostgresFact]
    public async Task Several_nodes_that_start_for_the_first_time_at_once_make_the_tables_once()
    {
        var options = TestDatabase.Options(server.CreateDatabase());
        var journals = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => PostgresJournal.Open(options))));
        Assert.All(journals, j => j.Dispose());
        Assert.Equal(1L, RealPostgres.Execute(options.ConnectionString, "SELECT COUNT(*) FROM akkajoin_join"));
    }

    [RealPostgresFact]
    public void The_shipped_file_makes_what_a_node_that_may_not_make_tables_needs()
    {
        var database = server.CreateDatabase();
        var refused = Refused(TestDatabase.Options(database, createSchema: false));
        Assert.Contains("postgresql.sql", refused, StringComparison.Ordinal);
        RealPostgres.Execute(database, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "postgresql.sql")));
        PostgresJournal.Open(TestDatabase.Options(database, createSchema: false)).Dispose();
    }

    [RealPostgresFact]
    public void Tables_lie_in_the_schema_that_is_named()
    {
        var options = TestDatabase.Options(server.CreateDatabase()) with { Schema = "joins" };
        using (var journal = PostgresJournal.Open(options))
        {
            Assert.Equal(1, journal.NextGeneration("a"));
            Assert.Contains("schema joins", journal.Location, StringComparison.Ordinal);
        }

        Assert.Equal("joins", RealPostgres.Execute(options.ConnectionString, "SELECT schemaname::TEXT FROM pg_tables WHERE tablename = 'journal'"));
    }

    [RealPostgresFact]
    public void Tables_of_another_program_are_left_alone()
    {
        var database = server.CreateDatabase();
        RealPostgres.Execute(database, "CREATE TABLE journal (x INTEGER)");
        Assert.Contains("akkajoin.postgresql.schema", Refused(TestDatabase.Options(database)), StringComparison.Ordinal);
        Assert.Equal(0L, RealPostgres.Execute(database, "SELECT COUNT(*) FROM pg_tables WHERE tablename = 'snapshot'"));
    }

    [RealPostgresFact]
    public void Tables_of_another_version_or_without_their_fence_are_refused()
    {
        using var database = new TestDatabase(server);
        database.Query("ALTER TABLE journal DISABLE TRIGGER journal_fence");
        Assert.Contains("journal_fence", Refused(TestDatabase.Options(database.ConnectionString)), StringComparison.Ordinal);
        database.Query("ALTER TABLE journal ENABLE TRIGGER journal_fence");
        database.Query("UPDATE akkajoin_join SET value = '7' WHERE join_name = ''");
        Assert.Contains("version 7", Refused(TestDatabase.Options(database.ConnectionString)), StringComparison.Ordinal);
    }

    [RealPostgresFact]
    public void A_journal_that_is_older_than_its_snapshots_is_refused()
    {
        using var database = new TestDatabase(server);
        database.Insert("akkajoin-t-0", 1);
        database.Query("INSERT INTO snapshot VALUES ('akkajoin-t-0', 1, 0, '\\x00', '', 1)");
        PostgresJournal.Open(TestDatabase.Options(database.ConnectionString)).Dispose();
        database.Query("INSERT INTO snapshot VALUES ('akkajoin-t-0', 2, 0, '\\x00', '', 1)");
        Assert.Contains("they are not of one time", Refused(TestDatabase.Options(database.ConnectionString)), StringComparison.Ordinal);
    }

    [RealPostgresFact]
    public void Asynchronous_commit_is_refused_however_it_was_set()
    {
        var database = server.CreateDatabase();
        var byString = new NpgsqlConnectionStringBuilder(database) { Options = "-c synchronous_commit=off" }.ConnectionString;
        Assert.Contains("synchronous_commit is off", Refused(TestDatabase.Options(byString)), StringComparison.Ordinal);
        RealPostgres.Execute(database, $"ALTER DATABASE {new NpgsqlConnectionStringBuilder(database).Database} SET synchronous_commit = off");
        Assert.Contains("synchronous_commit is off", Refused(TestDatabase.Options(database)), StringComparison.Ordinal);
    }

    [RealPostgresFact(own: true)]
    public void A_server_without_fsync_or_full_page_writes_is_refused()
    {
        using var fast = RealPostgres.Own("fsync=off", "full_page_writes=off");
        Assert.Contains("fsync is off", Refused(TestDatabase.Options(fast.CreateDatabase())), StringComparison.Ordinal);
        using var torn = RealPostgres.Own("full_page_writes=off");
        Assert.Contains("full_page_writes is off", Refused(TestDatabase.Options(torn.CreateDatabase())), StringComparison.Ordinal);
    }

    [RealPostgresFact(own: true)]
    public void What_cannot_be_reached_is_told_in_one_line_with_the_place_and_without_the_password()
    {
        using var own = RealPostgres.Own();
        var database = own.CreateDatabase();
        var right = new NpgsqlConnectionStringBuilder(database);
        NpgsqlConnectionStringBuilder[] wrong =
        [
            new(database) { Password = "wrong-" + RealPostgres.Password },
            new(database) { Username = "nobody" },
            new(database) { Database = "nowhere" },
            new(database) { Host = "no-such-host.invalid" },
        ];
        string[] reasons = ["password authentication failed", "password authentication failed", "\"nowhere\" does not exist", "no-such-host.invalid"];
        foreach (var (builder, reason) in wrong.Zip(reasons))
            Assert.Contains(reason, Refused(TestDatabase.Options(builder.ConnectionString, connectSeconds: 0.5)), StringComparison.Ordinal);
        own.Kill();
        var away = Refused(TestDatabase.Options(database, connectSeconds: 0.5));
        Assert.Contains($"PostgreSQL 127.0.0.1:{right.Port}/{right.Database}", away, StringComparison.Ordinal);
        Assert.Contains("connect-timeout", away, StringComparison.Ordinal);
    }

    [RealPostgresFact(own: true)]
    public async Task A_server_that_is_still_starting_is_waited_for()
    {
        using var own = RealPostgres.Own();
        var options = TestDatabase.Options(own.CreateDatabase(), connectSeconds: 60);
        own.Kill();
        var opening = Task.Run(() => PostgresJournal.Open(options));
        own.Start();
        (await opening).Dispose();
    }

    [RealPostgresFact]
    public void A_user_without_rights_is_told_which()
    {
        var database = server.CreateDatabase();
        var poor = new NpgsqlConnectionStringBuilder(database);
        poor.Username = "poor_" + poor.Database;
        poor.Password = RealPostgres.Password;
        RealPostgres.Execute(database, $"CREATE ROLE {poor.Username} LOGIN PASSWORD '{poor.Password}'");
        Assert.Contains("permission denied for schema public", Refused(TestDatabase.Options(poor.ConnectionString)), StringComparison.Ordinal);
        PostgresJournal.Open(TestDatabase.Options(database)).Dispose();
        RealPostgres.Execute(database, $"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {poor.Username}");
        Assert.Contains("may not INSERT in the table journal", Refused(TestDatabase.Options(poor.ConnectionString)), StringComparison.Ordinal);
        RealPostgres.Execute(database, $"GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {poor.Username}");
        using var journal = PostgresJournal.Open(TestDatabase.Options(poor.ConnectionString, createSchema: false));
        Assert.Equal(1, journal.NextGeneration("a"));
    }

    [Theory]
    [InlineData("postgresql://akkajoin:hunter2@db/akkajoin")]
    [InlineData("Host=db;Database=x;Password=a;hunter2=b")]
    [InlineData("Host=db;Port=hunter2")]
    [InlineData("Username=x;Password=hunter2;Database=y")]
    [InlineData("Host=db;Password=hunter2")]
    public void A_text_that_is_no_connection_string_is_refused_without_being_quoted(string text)
    {
        var refusal = PostgresJournal.Refusal(text);
        Assert.NotNull(refusal);
        Assert.DoesNotContain("hunter2", refusal, StringComparison.Ordinal);
    }

    [RealPostgresFact]
    public void The_password_is_in_no_text_and_not_in_the_configuration_of_the_actor_system()
    {
        using var database = new TestDatabase(server);
        var options = TestDatabase.Options(database.ConnectionString);
        Assert.DoesNotContain("hunter2", $"{options} {database.Journal.Location} {database.Journal.Config()}", StringComparison.Ordinal);
    }

    static string Refused(PostgresOptions options)
    {
        var message = Assert.Throws<JournalException>(() => PostgresJournal.Open(options).Dispose()).Message;
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
