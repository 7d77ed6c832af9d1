using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Postgresql;
using AkkaJoin.Shards.Tests.Databases;
using Npgsql;
using Xunit;

namespace AkkaJoin.Shards.Tests.Journal;

/// <summary>The fence of PostgreSQL where two transactions are open at once.</summary>
public sealed class PostgresFenceTests(RealPostgres server) : IClassFixture<RealPostgres>
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [RealPostgresFact]
    public async Task The_second_of_two_transactions_waits_for_the_first_and_sees_what_it_committed()
    {
        using var database = new TestDatabase(server);
        await using var first = await BeginAsync(database);
        await using var second = await BeginAsync(database);
        await InsertAsync(first, "a", 1);
        var waiting = InsertAsync(second, "a", 2);
        await UntilWaitingAsync(database);
        await ExecuteAsync(first, "COMMIT");
        await waiting.WaitAsync(Patience);
        await ExecuteAsync(second, "COMMIT");

        // As of a successor that took a snapshot: what the zombie waited for is deleted again when it goes on.
        await ExecuteAsync(first, "BEGIN");
        await InsertAsync(first, "a", 3);
        await InsertAsync(first, "a", 4);
        await ExecuteAsync(first, "SET LOCAL session_replication_role = replica; DELETE FROM journal WHERE sequence_number < 4");
        await ExecuteAsync(second, "BEGIN");
        waiting = InsertAsync(second, "a", 3);
        await UntilWaitingAsync(database);
        await ExecuteAsync(first, "COMMIT");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => waiting.WaitAsync(Patience));
        Assert.Contains("akkajoin fence", refused.MessageText, StringComparison.Ordinal);
    }

    [RealPostgresFact]
    public async Task Two_nodes_that_write_the_same_two_groups_crosswise_do_not_wait_for_ever_and_one_of_them_gets_through()
    {
        using var database = new TestDatabase(server);
        await using var first = await BeginAsync(database);
        await using var second = await BeginAsync(database);
        await InsertAsync(first, "a", 1);
        await InsertAsync(second, "b", 1);
        var one = InsertAsync(first, "b", 1);
        await UntilWaitingAsync(database);
        var other = InsertAsync(second, "a", 1);
        await Task.WhenAll(one, other).WaitAsync(Patience).ContinueWith(static _ => { }, TaskScheduler.Default);
        var broken = Assert.Single([one, other], t => t.IsFaulted);
        Assert.Equal(PostgresErrorCodes.DeadlockDetected, Assert.IsType<PostgresException>(broken.Exception!.InnerException).SqlState);
        await ExecuteAsync(broken == one ? second : first, "COMMIT");
        Assert.Equal(2, database.Execute("SELECT COUNT(*) FROM journal"));
    }

    // A node that is frozen within a transaction. The server knows nothing of that: the connection lives.
    [RealPostgresFact]
    public async Task A_writer_that_falls_silent_within_a_transaction_holds_its_group_no_longer_than_the_server_lets_it()
    {
        using var database = new TestDatabase(server);
        await using var usual = await OpenAsync(JournalConnection(database, ""));
        Assert.Equal("10s", await new NpgsqlCommand("SHOW idle_in_transaction_session_timeout", usual).ExecuteScalarAsync());
        Assert.Equal("30s", await new NpgsqlCommand("SHOW statement_timeout", usual).ExecuteScalarAsync());

        await using var patient = await OpenAsync(JournalConnection(database, ";Command Timeout=300"));
        Assert.Equal("5min", await new NpgsqlCommand("SHOW statement_timeout", patient).ExecuteScalarAsync());

        await using var frozen = await OpenAsync(JournalConnection(database, ";Pooling=False;Options=-c idle_in_transaction_session_timeout=200ms"));
        await ExecuteAsync(frozen, "BEGIN");
        await InsertAsync(frozen, "a", 1);
        await InsertAsync(usual, "a", 1).WaitAsync(Patience);
        Assert.Equal(1, database.Execute("SELECT COUNT(*) FROM journal"));
    }

    [RealPostgresFact]
    public async Task A_transaction_whose_snapshot_is_older_than_the_lock_is_refused()
    {
        using var database = new TestDatabase(server);
        await using var connection = await BeginAsync(database, "ISOLATION LEVEL REPEATABLE READ");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(connection, "a", 1));
        Assert.Contains("must be read committed", refused.MessageText, StringComparison.Ordinal);
    }

    [RealPostgresFact]
    public async Task An_event_that_would_be_committed_asynchronously_is_refused()
    {
        using var database = new TestDatabase(server);
        await using var connection = await BeginAsync(database);
        await ExecuteAsync(connection, "SET LOCAL synchronous_commit = off");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(connection, "a", 1));
        Assert.Contains("synchronous_commit", refused.MessageText, StringComparison.Ordinal);
    }

    [RealPostgresFact]
    public async Task Many_writers_of_one_group_leave_a_journal_without_a_hole_and_each_number_once()
    {
        using var database = new TestDatabase(server);
        var writers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await using var connection = new NpgsqlConnection(database.ConnectionString);
            await connection.OpenAsync();
            for (var sequence = 1; sequence <= 100; sequence++)
            {
                try
                {
                    await InsertAsync(connection, "a", sequence);
                }
                catch (PostgresException)
                {
                    // Another writer was first, or this one is ahead.
                }
            }
        }));
        await Task.WhenAll(writers);
        var newest = database.Execute("SELECT MAX(sequence_number) FROM journal");
        Assert.Equal(newest, database.Execute("SELECT COUNT(*) FROM journal"));
    }

    static string JournalConnection(TestDatabase database, string more) =>
        new PostgresServer(TestDatabase.Options(database.ConnectionString + more), JournalLimits.Default).ConnectionString;

    static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return connection;
    }

    static async Task<NpgsqlConnection> BeginAsync(TestDatabase database, string how = "")
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await ExecuteAsync(connection, "BEGIN " + how);
        return connection;
    }

    static async Task UntilWaitingAsync(TestDatabase database)
    {
        while (database.Execute("SELECT COUNT(*) FROM pg_locks WHERE NOT granted") == 0)
            await Task.Yield();
    }

    static Task InsertAsync(NpgsqlConnection connection, string id, long sequence) => ExecuteAsync(
        connection, $"INSERT INTO journal (created, deleted, persistence_id, sequence_number, message) VALUES (0, FALSE, '{id}', {sequence}, '\\x00')");

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
