using System.Text;
using Akka.Event;
using AkkaJoin.Pipeline.Kafka.Deduplicating;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Tests.Clocks;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Kafka;

public sealed class TailWaitTests : ITailLog
{
    const int SettleMs = 1_000;
    readonly ManualTime _time = new();
    readonly Deliveries _deliveries = new(new OutputTopics("rows", "late", "t", EventTimestamp: true));
    long _appendedAtMs;

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(SettleMs - 10)]
    public void What_a_dead_process_sent_is_found_however_late_within_the_settling_time_it_is_appended(long afterMs)
    {
        // Nothing goes to another thread: it all happens in this order.
        SynchronizationContext.SetSynchronizationContext(null);
        using var reader = Reader();
        _appendedAtMs = _time.NowMs + afterMs;
        var answer = reader.ReadAsync(new TailQuestion(0, _deliveries.Positions, [(5, "j")]));
        while (!answer.IsCompleted)
            _time.Advance(10);
        Assert.True(answer.IsCompletedSuccessfully);
#pragma warning disable xUnit1031 // it is there
        Assert.Equal([0], answer.Result.Written[5]);
#pragma warning restore xUnit1031
    }

    IEnumerable<TopicPartition> ITailLog.Partitions(string topic) => [new TopicPartition(topic, 0)];

    (long Low, long High) ITailLog.Ends(TopicPartition partition) => (0, partition.Topic == "rows" && _time.NowMs >= _appendedAtMs ? 1 : 0);

    long ITailLog.Read(IEnumerable<(TopicPartition Partition, long From, long To)> ranges, Action<byte[]> take, CancellationToken stopping)
    {
        foreach (var range in ranges.Where(r => r.From < r.To))
            take(Encoding.UTF8.GetBytes("j-0-5-0"));
        return 0;
    }

    void IDisposable.Dispose()
    {
    }

    TailReader Reader()
    {
        var source = new SourceSettings { Topic = "s" };
        var join = new JoinSettings
        {
            Name = "t",
            Type = JoinType.Inner,
            BeforeMs = 0,
            AfterMs = 0,
            Left = source,
            Right = source,
            GroupId = "g",
            Output = new OutputSettings { Topic = "rows", LateTopic = "late", DeadLetterTopic = "d" },
            Flow = new FlowSettings { TailWaitMs = SettleMs },
        };
        return new TailReader(new KafkaSettings { BootstrapServers = "none" }, join, new OutputTopics("rows", "late", "t", EventTimestamp: true), _deliveries, NoLogger.Instance, () => this, _time.Provider, work =>
        {
            work();
            return Task.CompletedTask;
        });
    }
}
