using System.Diagnostics;
using System.Globalization;
using AkkaJoin.Host.Demo;
using AkkaJoin.Pipeline.Tests.Kafka;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>What happens to source topics while a join reads them, on a real Kafka.</summary>
[Trait("Needs", "Kafka")]
public sealed class SourceTopicTests(RealKafka kafka) : IClassFixture<RealKafka>
{
    const long Start = 1_573_552_530_000;

    // AKKAJOIN_TEST_RECREATIONS=20 is the long form.
    static readonly int Recreations = int.TryParse(
        Environment.GetEnvironmentVariable("AKKAJOIN_TEST_RECREATIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 2;

    // That nothing is committed from then on is in KafkaSourceTests.
    [RealKafkaFact(isLong: true)]
    public async Task A_source_topic_made_again_while_the_join_runs_ends_it_within_ten_seconds()
    {
        for (var i = 0; i < Recreations; i++)
        {
            using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, partitions: 2);
            var records = new Workload(4_000, i + 1, Start).Records().ToList();
            join.Feed(records.Take(1_000));
            using var engine = EngineProcess.Start("run", "-c", join.ConfigFile);
            await join.RowsAsync(50);
            await join.DeleteTopicAsync(join.Left);
            await join.CreateTopicAsync(join.Left, 2);
            var since = Stopwatch.GetTimestamp();
            join.Feed(records.Skip(i % 2 == 0 ? 1_000 : 3_900)); // more than it had, or fewer
            Assert.Equal(1, await engine.EndAsync());
            Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 10);
            Assert.Contains($"the source topic '{join.Left}' was deleted and made again while the join ran", engine.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", engine.Errors, StringComparison.Ordinal);
        }
    }

    [RealKafkaFact(isLong: true)]
    public async Task A_source_topic_that_stays_deleted_ends_the_join_after_the_connect_timeout()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, partitions: 2, settings: "akkajoin.kafka.connect-timeout = 2s");
        join.Feed(new Workload(1_000, 1, Start).Records());
        using var engine = EngineProcess.Start("run", "-c", join.ConfigFile);
        await join.RowsAsync(50);
        await join.DeleteTopicAsync(join.Right);
        Assert.Equal(1, await engine.EndAsync());
        Assert.Contains($"the source topic '{join.Right}' was deleted while the join ran: it has not been there for 2 s", engine.Errors, StringComparison.Ordinal);
    }

    [RealKafkaTheory(isLong: true)]
    [InlineData("earliest")]
    [InlineData("latest")]
    public async Task Partitions_that_are_added_are_found_within_15_seconds_and_read_from_their_first_record(string start)
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, partitions: 2, more: $"start = {start}");
        using var engine = EngineProcess.Start("run", "-c", join.ConfigFile);
        await JoinOnKafka.PollAsync(async () => (await join.CommittedAsync(join.Left, 2)).Count == 2 && (await join.CommittedAsync(join.Right, 1)).Count == 1);
        await join.AddPartitionsAsync(join.Left, 3);
        var since = Stopwatch.GetTimestamp();
        join.Produce(join.Left, 2, """{"profile":"m1","title":"t1","ts":1000000,"id":"a"}""");
        join.Produce(join.Right, 0, """{"profile":"m1","title":"t1","ts":1000001,"id":"b"}""");
        await join.RowsAsync(1);

        // The row may be there before the watch, which looks every 5 s, has said so.
        await JoinOnKafka.PollAsync(() => Task.FromResult(
            engine.Errors.Contains($"{join.Left} has 3 partitions; it had 2", StringComparison.Ordinal)));
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 15);
        Assert.Equal(0, await engine.TerminateAsync());
    }

    [RealKafkaTheory(isLong: true)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Offsets_that_were_reset_or_another_group_bring_nothing_again_and_no_dead_letter_twice_and_it_is_said(bool isOtherGroup)
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, partitions: 2);
        join.Produce(join.Left, 0, "poison");
        join.Produce(join.Left, 0, """{"profile":"m1","title":"t1","ts":1000000,"id":"a"}""");
        join.Produce(join.Right, 0, """{"profile":"m1","title":"t1","ts":1000001,"id":"b"}""");
        var (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile);
        Assert.True(code == 0, output + errors);
        Assert.DoesNotContain("joined already", errors, StringComparison.Ordinal);
        if (isOtherGroup)
            await File.AppendAllTextAsync(join.ConfigFile, $"akkajoin.joins.test.group-id = {join.GroupId}-other\n");
        else
            await join.ResetOffsetsAsync(join.Left, 0);
        (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile);
        Assert.True(code == 0, output + errors);
        Assert.Contains($"{join.Left}/0 starts at 2 instead of {(isOtherGroup ? "its start" : "0")}", errors, StringComparison.Ordinal);
        Assert.Contains("start with an empty journal too", errors, StringComparison.Ordinal);
        Assert.Equal(1, join.RowCount());
        Assert.Equal(1, join.Ends(join.Rows + ".dead", 3).Sum());
    }
}
