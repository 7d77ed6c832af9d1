using Akka.Streams.Dsl;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Consuming;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Pipeline.Tests.Kafka;

public sealed class KafkaSourceTests(ITestOutputHelper output) : KafkaTest(output)
{
    readonly EmbeddedKafka _kafka = new();

    string Servers => _kafka.BootstrapServers;

    [Fact]
    public async Task Records_of_several_partitions_arrive_in_offset_order_and_intact()
    {
        _kafka.CreateTopic("t", 3);
        Fill(Servers, "t", 3, 5_000);
        using (var producer = Producer(Servers))
        {
            var headers = new Headers { { "a", Utf8("1") }, { "b", null }, { "a", [] } };
            var at = new TopicPartition("t", 0);
            producer.Produce(at, new Message<byte[]?, byte[]?>
            {
                Key = null,
                Value = Utf8("no key"),
                Headers = headers,
                Timestamp = new Timestamp(1_700_000_000_123, TimestampType.CreateTime),
            });
            producer.Produce(at, new Message<byte[]?, byte[]?> { Key = [], Value = null });
            producer.Flush();
        }

        var source = new RunningSource(Materializer, Consumer(Servers), ["t"]);
        await source.UntilRecordsAsync(15_002);
        await source.Control.Shutdown();

        for (var p = 0; p < 3; p++)
            Assert.Equal(Enumerable.Range(0, p == 0 ? 5_002 : 5_000).Select(i => (long)i), source.Of(p).Select(r => r.Offset));
        Assert.All(source.Of(1), r => Assert.Equal(("k" + r.Offset, ("v" + r.Offset).PadRight(20, '.')), (r.Key, r.Value)));
        Assert.Equal(new ReadRecord("t", 0, 5_000, 1_700_000_000_123, null, "no key", "a=1;b=null;a=;"), source.Of(0).ElementAt(5_000));
        var last = source.Of(0).Last();
        Assert.Equal(("", null, ""), (last.Key, last.Value, last.Headers));
    }

    [Fact]
    public async Task Chunks_of_a_partition_are_contiguous_and_tell_the_end_once()
    {
        _kafka.CreateTopic("t", 1);
        Fill(Servers, "t", 1, 10_000, valueBytes: 100);
        var source = new RunningSource(Materializer, Consumer(Servers), ["t"]);
        await source.UntilRecordsAsync(10_000);
        await Poll.UntilAsync(() => source.Chunks.Any(c => c.AtEnd), "the end was told");
        Fill(Servers, "t", 1, 1, from: 10_000);
        await source.UntilRecordsAsync(10_001);
        await Poll.UntilAsync(() => source.Chunks.Last().AtEnd, "the end was told again");
        await source.Control.Shutdown();

        var position = 0L;
        foreach (var c in source.Chunks)
        {
            Assert.Equal(position, c.From);
            position = c.To;
            Assert.True(c.Length <= 65_536);
        }

        Assert.Equal(10_001, position);
        Assert.Equal(2, source.Chunks.Count(c => c.AtEnd));
    }

    [Fact]
    public async Task A_log_that_ends_below_what_was_joined_already_stops_with_a_clear_message()
    {
        _kafka.CreateTopic("t", 1);
        Fill(Servers, "t", 1, 100);
        var source = new RunningSource(Materializer, Consumer(Servers), ["t"], begin: false);
        source.Listener.OnAssigned = starts => source.Control.StartReading("t", 0, starts[0].Generation, 500);
        var e = await Assert.ThrowsAsync<KafkaStopException>(() => source.Completion);
        Assert.Contains("t/0: the log ends at offset 100, but what lies below offset 500 has been joined already", e.Message, StringComparison.Ordinal);
    }

    // With more records than it had, nothing is to be seen: so the ids are asked for all the while (TopicWatch).
    [Fact]
    public async Task A_topic_made_again_with_fewer_records_is_suspected_or_refused_and_nothing_is_committed_once_commits_are_refused()
    {
        _kafka.CreateTopic("t", 1);
        Fill(Servers, "t", 1, 100);
        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = Servers });
        var sources = new SourceTopics(new Dictionary<string, string> { ["t"] = (await admin.DescribeAsync(["t"]))[0].Id });
        var source = new RunningSource(Materializer, Consumer(Servers), ["t"], sources: sources);
        await source.UntilRecordsAsync(100);
        var generation = source.Listener.Starts.Single().Generation;
        source.Control.Commit(new PartitionOffset("t", 0, generation, 50));
        await Poll.UntilAsync(() => source.Control.LastCommitted("t", 0) == 50, "it was committed");

        _kafka.DeleteTopic("t");
        _kafka.CreateTopic("t", 1);
        Fill(Servers, "t", 1, 10);
        var suspected = sources.NextSuspicion();
        await Poll.UntilAsync(() => suspected.IsCompleted || source.Completion.IsCompleted, "the consumer noticed");
        source.Control.RefuseCommits();
        source.Control.Commit(new PartitionOffset("t", 0, generation, 100));
        await source.Control.Shutdown();
        Assert.True(Committed(Servers, "t", 0) <= 50);
    }

    [Fact]
    public async Task The_end_of_an_empty_partition_is_told_while_another_has_much_to_read()
    {
        _kafka.CreateTopic("t", 2);
        Fill(Servers, "t", partitions: 1, 100_000);
        var source = new RunningSource(Materializer, Consumer(Servers), ["t"]);
        await source.UntilRecordsAsync(100_000);
        await source.Control.Shutdown();

        var chunks = source.Chunks.ToList();
        var told = chunks.FindIndex(c => c is { Partition: 1, AtEnd: true });
        Assert.InRange(told, 0, chunks.FindLastIndex(c => c.Partition == 0));
    }

    [Fact]
    public async Task A_record_larger_than_a_chunk_arrives_alone()
    {
        _kafka.CreateTopic("t", 1);
        Fill(Servers, "t", 1, 3);
        Fill(Servers, "t", 1, 1, valueBytes: 300_000, from: 3);
        Fill(Servers, "t", 1, 1, from: 4);
        var source = new RunningSource(Materializer, Consumer(Servers), ["t"]);
        await source.UntilRecordsAsync(5);
        await source.Control.Shutdown();

        Assert.Equal([0L, 1, 2, 3, 4], source.Records.Select(r => r.Offset));
        Assert.Equal(300_000, source.Of(0).ElementAt(3).Value!.Length);
    }

    [Fact]
    public async Task A_partition_stays_silent_until_begin_and_its_start_is_committed_before()
    {
        _kafka.CreateTopic("t", 2);
        Fill(Servers, "t", 2, 100);
        var committedInCallback = new List<long>();
        var source = new RunningSource(Materializer, Consumer(Servers), ["t"], begin: false);
        source.Listener.OnAssigned = starts => committedInCallback.AddRange(starts.Select(s => Committed(Servers, s.Topic, s.Partition)));
        await Poll.UntilAsync(() => source.Listener.Starts.Count == 2, "the partitions were assigned");
        await Task.Delay(300); // nothing may happen: there is no signal for that
        Assert.Empty(source.Chunks);

        foreach (var s in source.Listener.Starts)
        {
            Assert.Equal((0L, false, 0L, 100L, 2), (s.CommittedOffset, s.WasCommitted, s.LogStartOffset, s.LogEndOffset, s.PartitionCount));
            source.Control.StartReading("t", s.Partition, s.Generation, s.Partition == 0 ? 0 : 40);
        }

        await source.UntilRecordsAsync(160);
        await source.Control.Shutdown();
        Assert.All(committedInCallback, c => Assert.Equal(0, c));
        Assert.Equal(Enumerable.Range(40, 60).Select(i => (long)i), source.Of(1).Select(r => r.Offset));
        Assert.Equal(40, source.Chunks.First(c => c.Partition == 1).From);
    }

    [Fact]
    public async Task Without_a_release_a_partition_pauses_and_after_it_goes_on()
    {
        _kafka.CreateTopic("t", 2);
        Fill(Servers, "t", 2, 20_000, valueBytes: 100);
        var settings = Consumer(Servers) with { PartitionInFlightBytesMax = 200_000, PausePatienceMs = 10 };
        var source = new RunningSource(Materializer, settings, ["t"], release: false);
        await Poll.UntilAsync(() => Bytes(source, 0) > 200_000 && Bytes(source, 1) > 200_000, "both partitions are over their limit");

        // What was read already may still come: a batch and a chunk. Then it must stand still, over several polls.
        var before = -1L;
        await Poll.UntilAsync(
            () =>
            {
                var now = Bytes(source, 0) + Bytes(source, 1);
                Thread.Sleep(100);
                (var same, before) = (now == before, now);
                return same;
            },
            "nothing comes any more");
        Assert.InRange(before, 400_000, 1_000_000);

        source.Release = true;
        foreach (var c in source.Chunks.ToArray())
            source.Control.ReduceInFlight(c.Topic, c.Partition, c.Generation, c.InFlightBytes);
        await source.UntilRecordsAsync(40_000);
        await source.Control.Shutdown();
        for (var p = 0; p < 2; p++)
            Assert.Equal(Enumerable.Range(0, 20_000).Select(i => (long)i), source.Of(p).Select(r => r.Offset));
    }

    [Fact]
    public async Task A_stream_without_demand_stays_in_its_group_and_loses_nothing()
    {
        _kafka.CreateTopic("t", 2);
        Fill(Servers, "t", 2, 5_000, valueBytes: 100);
        var settings = Consumer(Servers) with { BufferedChunksMax = 2, PausePatienceMs = 10 };
        var hold = new TaskCompletionSource();
        var source = new RunningSource(Materializer, settings.WithProperty("max.poll.interval.ms", "2000"), ["t"], hold: hold.Task);
        await Poll.UntilAsync(() => source.Listener.Starts.Count == 2, "the partitions were assigned");
        await Task.Delay(3_500); // longer than a consumer may go without polling
        Assert.Empty(source.Chunks);
        hold.SetResult();
        await source.UntilRecordsAsync(10_000);
        await source.Control.Shutdown();

        Assert.Empty(source.Listener.LostPartitions);
        Assert.Equal(2, source.Listener.Starts.Count);
        for (var p = 0; p < 2; p++)
            Assert.Equal(Enumerable.Range(0, 5_000).Select(i => (long)i), source.Of(p).Select(r => r.Offset));
    }

    [Fact]
    public async Task An_unknown_client_key_is_a_mistake_of_the_user()
    {
        var source = new RunningSource(Materializer, Consumer(Servers).WithProperty("no.such.key", "1"), ["t"]);
        var e = await Assert.ThrowsAsync<UserException>(() => source.Completion.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Contains("no.such.key", e.Message, StringComparison.Ordinal);
        Assert.Equal(78, e.ExitCode);
        await source.Control.Shutdown().WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_listener_that_throws_stops_the_source()
    {
        _kafka.CreateTopic("t", 1);
        var source = new RunningSource(Materializer, Consumer(Servers), ["t"], begin: false);
        source.Listener.OnAssigned = _ => throw new InvalidOperationException("the listener's own");
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => source.Completion.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("the listener's own", e.Message);
    }

    [Fact]
    public async Task A_cancelled_stream_closes_the_consumer()
    {
        _kafka.CreateTopic("t", 1);
        Fill(Servers, "t", 1, 10);
        var listener = new TestListener();
        IChunkControl? control = null;
        var begun = new TaskCompletionSource<IChunkControl>();
        listener.OnAssigned = s => begun.Task.Result.StartReading("t", 0, s[0].Generation, 0);
        (control, var first) = KafkaConsumer.ChunkSource(Consumer(Servers), Subscriptions.Topics("t"), listener)
            .ToMaterialized(Sink.First<RecordChunk>(), Keep.Both).Run(Materializer);
        begun.SetResult(control);
        Assert.Equal(0, (await first.WaitAsync(TimeSpan.FromSeconds(20))).From);
        await control.IsShutdown.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Single(listener.RevokedPartitions);
    }

    [Fact]
    public async Task Commits_merge_and_a_restart_resumes_at_the_committed_offset()
    {
        _kafka.CreateTopic("t", 2);
        Fill(Servers, "t", 2, 500);
        var first = new RunningSource(Materializer, Consumer(Servers), ["t"]);
        await first.UntilRecordsAsync(1_000);
        var generations = first.Listener.Starts.ToDictionary(s => s.Partition, s => s.Generation);
        for (var i = 1; i <= 300; i++)
        {
            first.Control.Commit(new PartitionOffset("t", 0, generations[0], i));
            first.Control.Commit(new PartitionOffset("t", 1, generations[1] + 100, i));
        }

        await Poll.UntilAsync(() => first.Control.LastCommitted("t", 0) == 300, "the commit was acknowledged");
        first.Control.Commit(new PartitionOffset("t", 0, generations[0], 310));
        await first.Control.Shutdown(); // commits what waits

        Assert.Equal((310L, 0L), (Committed(Servers, "t", 0), Committed(Servers, "t", 1)));
        var second = new RunningSource(Materializer, Consumer(Servers), ["t"]);
        await second.UntilRecordsAsync(690);
        await second.Control.Shutdown();
        Assert.All(second.Listener.Starts, s => Assert.True(s.WasCommitted));
        Assert.Equal(310, second.Of(0).First().Offset);
        Assert.Equal(500, second.Of(1).Count()); // a commit of another generation counts for nothing
    }

    [Fact]
    public async Task A_second_consumer_takes_partitions_over_and_the_first_is_fenced()
    {
        _kafka.CreateTopic("t", 4);
        Fill(Servers, "t", 4, 100);
        var first = new RunningSource(Materializer, Consumer(Servers), ["t"]);
        first.Listener.CommitOnRevoke = p => 60 + p.Partition;
        await first.UntilRecordsAsync(400);
        var second = new RunningSource(Materializer, Consumer(Servers), ["t"]);

        // On a busy machine the group may go through more than one rebalance until each has its two.
        await Poll.UntilAsync(() => second.Listener.Held.Length == 2 && first.Listener.Held.Length == 2, "two partitions moved");
        Assert.Equal([0, 1, 2, 3], first.Listener.Held.Concat(second.Listener.Held).Order());

        // The embedded broker, unlike Kafka, refuses commits while a further rebalance is being prepared: then all is
        // read again.
        Assert.All(second.Listener.Starts, s => Assert.True(s.CommittedOffset == 60 + s.Partition || s.CommittedOffset == 0));
        Fill(Servers, "t", 4, 10, from: 100);
        bool ReadsOn(RunningSource source) => source.Listener.Held.All(p => source.Of(p).Any(r => r.Offset == 109));
        await Poll.UntilAsync(() => ReadsOn(first) && ReadsOn(second), "both read on");

        var moved = first.Listener.RevokedPartitions.First(p => second.Listener.Held.Contains(p.Partition));
        Assert.Equal(-1, first.Control.Rewind("t", moved.Partition, moved.Generation, 0)); // fenced
        Assert.DoesNotContain(first.Of(moved.Partition), r => r.Offset >= 100);
        await second.Control.Shutdown();
        await first.Control.Shutdown();
    }

    [Fact]
    public async Task Rewind_reads_again_under_a_new_generation()
    {
        _kafka.CreateTopic("t", 1);
        Fill(Servers, "t", 1, 1_000);
        var source = new RunningSource(Materializer, Consumer(Servers), ["t"]);
        await source.UntilRecordsAsync(1_000);
        var old = source.Listener.Starts.Single().Generation;
        var generation = source.Control.Rewind("t", 0, old, 250);
        await source.UntilRecordsAsync(1_750);
        await source.Control.Shutdown();

        Assert.True(generation > old);
        Assert.Equal(-1, source.Control.Rewind("t", 0, old, 0));
        var again = source.Chunks.Where(c => c.Generation == generation).ToList();
        Assert.Equal((250L, 1_000L, 750), (again[0].From, again[^1].To, again.Sum(c => c.Count)));
    }

    [Fact]
    public async Task A_bounded_source_ends_at_the_position_given_also_for_empty_partitions()
    {
        _kafka.CreateTopic("t", 3);
        Fill(Servers, "t", 1, 1_000);
        var ends = new Dictionary<TopicPartition, long> { [new("t", 0)] = 700, [new("t", 1)] = 0, [new("t", 2)] = 0 };
        var source = new RunningSource(Materializer, Consumer(Servers), ["t"], ends: ends);
        await Poll.UntilAsync(() => source.Chunks.Where(c => c.AtEnd).Select(c => c.Partition).Distinct().Count() == 3, "all ends were told");
        await source.Control.Shutdown();

        Assert.Equal(700, source.Records.Count);
        Assert.All(source.Chunks.Where(c => c.AtEnd), c => Assert.Equal(ends[new("t", c.Partition)], c.To));
        Assert.Equal(3, source.Chunks.Count(c => c.AtEnd));
    }

    [Fact]
    public async Task A_committed_offset_that_the_log_lost_stops_with_a_clear_message()
    {
        _kafka.CreateTopic("t", 1);
        Fill(Servers, "t", 1, 100);
        var first = new RunningSource(Materializer, Consumer(Servers), ["t"]);
        await first.UntilRecordsAsync(100);
        first.Control.Commit(new PartitionOffset("t", 0, first.Listener.Starts.Single().Generation, 10));
        await first.Control.Shutdown();
        _kafka.Trim("t", 0, 50);

        var second = new RunningSource(Materializer, Consumer(Servers), ["t"]);
        var e = await Assert.ThrowsAsync<KafkaStopException>(() => second.Completion.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("t/0: the log no longer holds offset 10", e.Message, StringComparison.Ordinal);
        Assert.Contains("starts at 50", e.Message, StringComparison.Ordinal);
        await second.Control.IsShutdown.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Empty(second.Records);
    }

    [Fact]
    public async Task Records_trimmed_under_a_running_source_stop_it_and_skip_nothing()
    {
        _kafka.CreateTopic("t", 1);
        Fill(Servers, "t", 1, 100);
        var source = new RunningSource(Materializer, Consumer(Servers), ["t"]);
        await source.UntilRecordsAsync(100);
        _kafka.Trim("t", 0, 50);
        source.Control.Rewind("t", 0, source.Listener.Starts.Single().Generation, 20);
        var e = await Assert.ThrowsAsync<KafkaStopException>(() => source.Completion.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("no longer holds offset 20", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_outage_passes()
    {
        _kafka.CreateTopic("t", 1);
        Fill(Servers, "t", 1, 100);
        var source = new RunningSource(Materializer, Consumer(Servers), ["t"]);
        await source.UntilRecordsAsync(100);
        _kafka.BrokerDown(-1);
        source.Control.Commit(new PartitionOffset("t", 0, source.Listener.Starts.Single().Generation, 100));
        await Task.Delay(500); // the length of the outage
        _kafka.BrokerUp(-1);
        Fill(Servers, "t", 1, 100, from: 100);
        await source.UntilRecordsAsync(200);
        await Poll.UntilAsync(() => source.Control.LastCommitted("t", 0) == 100, "the commit came through");
        await source.Control.Shutdown();
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (long)i), source.Of(0).Select(r => r.Offset));
    }

    [Fact]
    public async Task Stop_completes_the_stream_and_commits_still_work()
    {
        _kafka.CreateTopic("t", 1);
        Fill(Servers, "t", 1, 100);
        var source = new RunningSource(Materializer, Consumer(Servers), ["t"]);
        await source.UntilRecordsAsync(100);
        await source.Control.Stop().WaitAsync(TimeSpan.FromSeconds(10));
        await source.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(source.Control.IsShutdown.IsCompleted);
        source.Control.Commit(new PartitionOffset("t", 0, source.Listener.Starts.Single().Generation, 77));
        await Poll.UntilAsync(() => source.Control.LastCommitted("t", 0) == 77, "the commit was acknowledged");
        await source.Control.Shutdown().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Single(source.Listener.RevokedPartitions);
        Assert.Equal(77, Committed(Servers, "t", 0));
    }

    [Theory]
    [InlineData("stop stop shutdown")]
    [InlineData("shutdown stop shutdown")]
    [InlineData("materializer shutdown stop")]
    public async Task The_control_ends_in_every_order_of_calls(string calls)
    {
        _kafka.CreateTopic("t", 1);
        var materializer = Akka.Streams.ActorMaterializer.Create(Sys);
        var source = new RunningSource(materializer, Consumer(Servers), ["t"]);
        foreach (var call in calls.Split(' '))
        {
            if (call == "materializer")
                materializer.Shutdown();
            else
                await (call == "stop" ? source.Control.Stop() : source.Control.Shutdown()).WaitAsync(TimeSpan.FromSeconds(20));
        }

        await source.Control.IsShutdown.WaitAsync(TimeSpan.FromSeconds(20));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _kafka.Dispose();
    }

    static long Bytes(RunningSource source, int partition) => source.Chunks.Where(c => c.Partition == partition).Sum(c => (long)c.InFlightBytes);
}
