using AkkaJoin.Host.Demo;
using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests.Databases;
using Npgsql;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>The program with its journal in a PostgreSQL that fails in every way.</summary>
[Trait("Needs", "Kafka")]
public sealed class RunOnPostgresTests(RealKafka kafka, RealPostgres server) : IClassFixture<RealKafka>, IClassFixture<RealPostgres>
{
    const long Start = 1_573_552_530_000;
    const int LinesMax = 60;

    [KafkaAndPostgresFact]
    public async Task Killed_and_restarted_under_a_running_join_it_costs_time_and_nothing_else()
    {
        using var own = RealPostgres.Own();
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "full", postgresql: own.CreateDatabase());
        var records = new Workload(60_000, 3, Start).Records().ToList();
        using (var engine = EngineProcess.Start("run", "-c", join.ConfigFile))
        {
            for (var part = 0; part < 4; part++)
            {
                if (part > 0)
                {
                    own.Kill();
                    own.Start();
                }

                var before = join.RowCount();
                join.Feed(records.Skip(part * 15_000).Take(15_000));
                await GrowsAsync(join, before, engine);
            }

            Assert.Equal(0, await engine.TerminateAsync());
            CheckLog(engine.Errors);
        }

        await FinishAsync(join);
    }

    [KafkaAndPostgresFact]
    public async Task While_another_session_locks_the_journal_the_join_waits_and_then_goes_on()
    {
        var database = server.CreateDatabase();
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "full", postgresql: database);
        var records = new Workload(20_000, 4, Start).Records().ToList();
        using (var engine = EngineProcess.Start("run", "-c", join.ConfigFile))
        {
            join.Feed(records.Take(10_000));
            await GrowsAsync(join, 0, engine);
            long locked;
            await using (var connection = new NpgsqlConnection(database))
            {
                await connection.OpenAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                await using var command = new NpgsqlCommand("LOCK TABLE journal IN ACCESS EXCLUSIVE MODE", connection, transaction);
                await command.ExecuteNonQueryAsync();
                join.Feed(records.Skip(10_000));
                await WaitForBlockedAsync(database);
                locked = join.RowCount();
            }

            await GrowsAsync(join, locked, engine);
            Assert.Equal(0, await engine.TerminateAsync());
            CheckLog(engine.Errors);
        }

        await FinishAsync(join);
    }

    [KafkaAndPostgresFact]
    public async Task Connections_that_are_cut_again_and_again_lose_nothing()
    {
        var database = server.CreateDatabase();
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "attribution", postgresql: database);
        var records = new Workload(20_000, 5, Start).Records().ToList();
        using (var engine = EngineProcess.Start("run", "-c", join.ConfigFile))
        {
            for (var cut = 0; cut < 10; cut++)
            {
                join.Feed(records.Skip(cut * 2_000).Take(2_000));
                await UntilAsync(engine, () => Cut(database) > 0);
            }

            await GrowsAsync(join, 0, engine);
            Assert.Equal(0, await engine.TerminateAsync());
            CheckLog(engine.Errors);
        }

        await FinishAsync(join);
    }

    [KafkaAndPostgresFact]
    public async Task Restarted_again_and_again_while_a_node_starts_it_costs_time_and_nothing_else()
    {
        using var own = RealPostgres.Own();
        var database = own.CreateDatabase();
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "inner", postgresql: database);
        join.Feed(new Workload(20_000, 7, Start).Records());
        using (var engine = EngineProcess.Start("run", "-c", join.ConfigFile))
        {
            for (var restart = 0; restart < 8; restart++)
            {
                await UntilAsync(engine, () => Cut(database) > 0);
                own.Kill();
                own.Start();
            }

            await GrowsAsync(join, 0, engine);
            Assert.Equal(0, await engine.TerminateAsync());
            CheckLog(engine.Errors);
        }

        await FinishAsync(join);
    }

    [FullDiskFact]
    public async Task Its_disk_full_the_join_waits_says_so_and_goes_on_when_there_is_room()
    {
        using var disk = SmallDisk.Mount(mebibytes: 96);
        using var own = RealPostgres.Own();
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "full", postgresql: own.CreateDatabase(disk.Path));
        var records = new Workload(30_000, 6, Start).Records().ToList();
        using (var engine = EngineProcess.Start("run", "-c", join.ConfigFile))
        {
            join.Feed(records.Take(10_000));
            await GrowsAsync(join, 0, engine);
            disk.Fill();
            join.Feed(records.Skip(10_000));
            await UntilAsync(engine, () => engine.Errors.Contains("No space left on device", StringComparison.Ordinal));
            disk.Free();
            await GrowsAsync(join, join.RowCount(), engine);
            Assert.Equal(0, await engine.TerminateAsync());
            CheckLog(engine.Errors);
        }

        await FinishAsync(join);
    }

    [KafkaAndPostgresFact]
    public async Task A_journal_that_was_wiped_under_committed_offsets_is_refused_with_its_key_named()
    {
        var database = server.CreateDatabase();
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, postgresql: database);
        join.Feed(new Workload(500, 1, Start).Records());
        Assert.Equal(0, (await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile)).Code);
        RealPostgres.Execute(database, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        var errors = await RefusedAsync(join);
        Assert.Contains("knows nothing of the join", errors, StringComparison.Ordinal);
        Assert.Contains("akkajoin.postgresql.connection-string", errors, StringComparison.Ordinal);
    }

    [KafkaAndPostgresFact]
    public async Task What_is_wrong_with_the_database_is_one_line_and_exit_code_1()
    {
        var database = new NpgsqlConnectionStringBuilder(server.CreateDatabase());
        var wrong = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Password = "not-" + RealPostgres.Password };
        var absent = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "nowhere" };
        var asynchronous = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Options = "-c synchronous_commit=off" };
        foreach (var (builder, reason) in new[] { (wrong, "authentication failed"), (absent, "does not exist"), (asynchronous, "synchronous_commit is off") })
        {
            using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, postgresql: builder.ConnectionString);
            var errors = await RefusedAsync(join);
            Assert.Contains(reason, errors, StringComparison.Ordinal);
            Assert.Single(errors.Trim().Split('\n'));
        }
    }

    static long Cut(string database) => (long)RealPostgres.Execute(
        database,
        "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")!;

    static Task GrowsAsync(JoinOnKafka join, long rows, EngineProcess engine) =>
        UntilAsync(engine, () => join.RowCount() > rows + 100, () => $"{join.RowCount()} rows after {rows}: ");

    // The engine runs on meanwhile. What it said tells why something did not come.
    static async Task UntilAsync(EngineProcess engine, Func<bool> isDone, Func<string>? told = null)
    {
        try
        {
            await JoinOnKafka.PollAsync(() => Task.FromResult(isDone() || engine.HasExited));
        }
        catch (TimeoutException)
        {
            Assert.Fail(told?.Invoke() + "it did not come: " + engine.Errors);
        }

        Assert.False(engine.HasExited, engine.Errors);
    }

    static async Task<string> RefusedAsync(JoinOnKafka join)
    {
        var (code, output, errors) = await EngineProcess.RunAsync("run", "-c", join.ConfigFile);
        Assert.Equal(1, code);
        Assert.DoesNotContain("hunter2", output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        return errors;
    }

    static async Task FinishAsync(JoinOnKafka join)
    {
        var (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile);
        Assert.True(code == 0, output + errors);
        var validation = await join.ValidateAsync();
        Assert.True(validation.Exact, string.Join('\n', validation.Differences));
    }

    static void CheckLog(string errors)
    {
        Assert.DoesNotContain("hunter2", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.True(errors.Split('\n').Length < LinesMax, errors);
    }

    // A write of the join waits for the lock.
    static Task WaitForBlockedAsync(string database) => JoinOnKafka.PollAsync(() => Task.FromResult(
        RealPostgres.Execute(database, "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND relation = 'journal'::REGCLASS") is > 0L));
}
