using AkkaJoin.Host.Demo;
using AkkaJoin.Pipeline.Tests.Kafka;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>The program as a user runs it, on a real Kafka and SQLite.</summary>
[Trait("Needs", "Kafka")]
public sealed class RunTests(RealKafka kafka) : IClassFixture<RealKafka>
{
    const long Start = 1_573_552_530_000;

    [RealKafkaFact(isLong: true)]
    public async Task Killed_three_times_in_mid_stream_it_goes_on_where_it_was_and_every_row_is_there()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "full");
        var records = new Workload(60_000, 3, Start).Records().ToList();
        for (var kill = 1; kill <= 3; kill++)
        {
            using var victim = EngineProcess.Start("run", "-c", join.ConfigFile);
            var before = join.RowCount();
            join.Feed(records.Skip((kill - 1) * 20_000).Take(20_000));
            await JoinOnKafka.PollAsync(() => Task.FromResult(join.RowCount() > before + 100 || victim.HasExited));
            Assert.False(victim.HasExited, "it ended before it could be killed: " + victim.Errors);
            await victim.KillAsync();
        }

        var (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile);
        Assert.True(code == 0, output + errors);
        var validation = await join.ValidateAsync();
        Assert.True(validation.Exact, string.Join('\n', validation.Differences));
        Assert.True(validation.Found > 40_000);
    }

    [RealKafkaFact]
    public async Task SIGTERM_drains_exits_with_0_and_the_next_run_goes_on_without_a_row_twice()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "attribution");
        var records = new Workload(20_000, 5, Start).Records().ToList();
        join.Feed(records.Take(10_000));
        using (var engine = EngineProcess.Start("run", "-c", join.ConfigFile))
        {
            await join.RowsAsync(20);
            Assert.Equal(0, await engine.TerminateAsync());
            Assert.DoesNotContain("   at ", engine.Errors, StringComparison.Ordinal);
        }

        join.Feed(records.Skip(10_000));
        Assert.Equal(0, (await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile)).Code);
        var validation = await join.ValidateAsync();
        Assert.True(validation.Exact, string.Join('\n', validation.Differences));
        Assert.Equal(0, validation.Doubled);
    }

    [RealKafkaFact]
    public async Task A_row_that_is_refused_when_a_bounded_run_closes_time_is_a_clear_stop()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "left", more: "max-ahead-of-wall-clock = unlimited");
        var ahead = DateTimeOffset.UtcNow.AddHours(3).ToUnixTimeMilliseconds();
        join.Produce(join.Left, 0, $$"""{"profile":"m1","title":"t1","ts":{{ahead}},"id":"a"}""");

        var (code, _, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile);
        Assert.Equal(1, code);
        Assert.Contains("refused a record", errors, StringComparison.Ordinal);
        Assert.Contains("output.timestamp = now", errors, StringComparison.Ordinal);
    }

    [RealKafkaFact]
    public async Task A_live_left_join_lets_unmatched_rows_out_when_time_has_passed_them_on_every_partition()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "left", partitions: 2, more: "max-out-of-orderness = 1s");
        using var engine = EngineProcess.Start("run", "-c", join.ConfigFile);
        join.Produce(join.Left, 0, """{"profile":"m1","title":"t1","ts":1000000,"id":"a"}""");
        join.Produce(join.Left, 1, """{"profile":"m1","title":"t1","ts":1000000,"id":"b"}""");

        // Only rights tell that no partner comes any more: 10 min window and 1 s of disorder later, and 1 ms.
        join.Produce(join.Right, 0, """{"profile":"m2","title":"t1","ts":1601000,"id":"c"}""");
        join.Produce(join.Right, 0, """{"profile":"m2","title":"t1","ts":1601001,"id":"d"}""");
        await join.RowsAsync(2);
        Assert.All(join.ReadRows(), row => Assert.Equal("unmatched", row.Kind));
        Assert.Equal(0, await engine.TerminateAsync());
    }

    [RealKafkaFact]
    public async Task A_profile_tells_where_the_cpu_time_went_by_stage_and_adds_up_to_the_process()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers);
        join.Feed(new Workload(20_000, 7, Start).Records());
        var (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "--profile", "--json", "-c", join.ConfigFile);
        Assert.True(code == 0, output + errors);
        using var profile = System.Text.Json.JsonDocument.Parse(output.Trim().Split('\n')[^1]);
        var stages = profile.RootElement.GetProperty("profile").GetProperty("stages").EnumerateArray()
            .ToDictionary(s => s.GetProperty("stage").GetString()!, s => s.GetProperty("cpuSeconds").GetDouble());
        Assert.All(["consume", "decode, route", "batch, encode", "accept, answer", "journal", "apply (join)", "produce"], stage => Assert.True(stages[stage] > 0, stage));
        Assert.Equal(stages["process"], stages.Where(s => s.Key != "process").Sum(s => s.Value), 0.05);
    }

    [RealKafkaFact]
    public async Task A_topic_joined_with_itself_pairs_each_record_with_itself_and_its_neighbours()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, partitions: 2);
        join.Configure("inner", after: "10ms", right: join.Left);
        for (var i = 0; i < 3; i++)
            join.Produce(join.Left, i % 2, $$"""{"profile":"m1","title":"t1","ts":{{1_000_000 + (10 * i)}},"id":"{{i}}"}""");
        var (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile);
        Assert.True(code == 0, output + errors);
        Assert.Equal(5, join.ReadRows().Count); // 0-0, 0-1, 1-1, 1-2, 2-2
        Assert.True((await join.ValidateAsync()).Exact);
    }

    [RealKafkaFact]
    public async Task Offsets_without_their_journal_are_refused_with_both_ways_out()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers);
        join.Feed(new Workload(500, 1, Start).Records());
        Assert.Equal(0, (await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile)).Code);
        Directory.Delete(join.JournalDirectory, recursive: true);
        var (code, _, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile);
        Assert.Equal(1, code);
        Assert.Contains("put the journal back", errors, StringComparison.Ordinal);
        Assert.Contains("another group-id", errors, StringComparison.Ordinal);
    }

    [RealKafkaFact(isLong: true)]
    public async Task A_definition_that_differs_from_the_journaled_one_is_refused_by_name_and_a_safe_change_takes_one_command()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers);
        join.Feed(new Workload(500, 1, Start).Records());
        Assert.Contains(" yet; its first start does that", (await EngineProcess.RunAsync("definition", "-c", join.ConfigFile)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile)).Code);
        Assert.Contains(": as journaled", (await EngineProcess.RunAsync("definition", "-c", join.ConfigFile)).Output, StringComparison.Ordinal);
        join.Configure("inner", after: "5m");
        var (code, _, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile);
        Assert.Equal(78, code);
        Assert.Matches(@"  after \(\S+:\d+\): 10 min in the journal, 5 min in the configuration", errors);
        join.Configure("inner", "late.policy = drop");
        (code, _, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile);
        Assert.Equal(78, code);
        Assert.Contains("akkajoin definition -c FILE --apply", errors, StringComparison.Ordinal);
        (code, var said, _) = await EngineProcess.RunAsync("definition", "-c", join.ConfigFile);
        Assert.Equal(2, code);
        Assert.Matches(@"  late.policy \(\S+:\d+\): join in the journal, drop in the configuration", said);
        Assert.Contains("the same command with --apply writes it into the journal", said, StringComparison.Ordinal);
        Assert.Equal(0, (await EngineProcess.RunAsync("definition", "-c", join.ConfigFile, "--apply")).Code);
        Assert.Equal(0, (await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile)).Code);
    }

    [RealKafkaFact]
    public async Task A_source_topic_made_anew_is_refused()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers);
        join.Feed(new Workload(500, 1, Start).Records());
        Assert.Equal(0, (await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile)).Code);
        await join.DeleteTopicAsync(join.Left);
        await join.CreateTopicAsync(join.Left, 4);
        var (code, _, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile);
        Assert.Equal(1, code);
        Assert.Contains("deleted and made again", errors, StringComparison.Ordinal);
    }

    [RealKafkaFact]
    public async Task A_second_process_on_the_same_journal_is_refused()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers);
        join.Feed(new Workload(500, 1, Start).Records());
        using var first = EngineProcess.Start("run", "-c", join.ConfigFile);
        await join.RowsAsync(1);
        var (code, _, errors) = await EngineProcess.RunAsync("run", "-c", join.ConfigFile);
        Assert.Equal(1, code);
        Assert.Contains("in use by another akkajoin process", errors, StringComparison.Ordinal);
        Assert.Equal(0, await first.TerminateAsync());
    }

    [RealKafkaFact]
    public async Task A_missing_source_topic_is_named_and_exits_with_1()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers);
        join.Configure("inner", right: "nowhere");
        var (code, _, errors) = await EngineProcess.RunAsync("run", "-c", join.ConfigFile);
        Assert.Equal(1, code);
        Assert.Contains("'nowhere'", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
