using AkkaJoin.Cockpit.Explain;
using AkkaJoin.Cockpit.Explain.Live;
using AkkaJoin.Cockpit.Explain.Reasons;
using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Host.Cli;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Definition;
using Xunit;

namespace AkkaJoin.Host.Tests.Explaining;

/// <summary>Records of transactions, which only a real Kafka has.</summary>
[Trait("Needs", "Kafka")]
public sealed class ExplainOfTransactionsTests(RealKafka kafka) : IClassFixture<RealKafka>
{
    [RealKafkaFact]
    public async Task Aborted_and_open_transactions_are_told_and_the_marker_is_no_record()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, partitions: 1);
        const string value = """{"profile":"m","title":"t","ts":1573552800000,"id":"x"}""";
        using (var aborted = join.BeginTransaction(join.Left, 0, value))
            aborted.AbortTransaction(TimeSpan.FromSeconds(30));

        // The broker writes the marker that ends a transaction after its answer.
        await JoinOnKafka.PollAsync(async () => await ReasonAsync(join, "left:0:0") != ExplainReason.OpenTransaction);
        Assert.Equal(ExplainReason.Aborted, await ReasonAsync(join, "left:0:0"));
        Assert.Equal(ExplainReason.NoSuchPosition, await ReasonAsync(join, "left:0:1"));
        using var open = join.BeginTransaction(join.Left, 0, value);
        Assert.Equal(ExplainReason.OpenTransaction, await ReasonAsync(join, "left:0:2"));
        open.CommitTransaction(TimeSpan.FromSeconds(30));
        await JoinOnKafka.PollAsync(async () => await ReasonAsync(join, "left:0:2") == ExplainReason.Unknown); // nothing runs
    }

    static async Task<ExplainReason> ReasonAsync(JoinOnKafka join, string record)
    {
        var settings = ConfigLoader.Load(join.ConfigFile).Settings;
        var request = new ExplainRequest(RecordReference.Parse(record), null, null, null);
        var desk = new ExplainDesk(new ExplainLimits());
        return (await desk.ExplainAsync(settings.Kafka, settings.Joins[0], new NothingRuns(), request, CancellationToken.None)).Reason;
    }

    sealed class NothingRuns : ILiveState
    {
        public JoinDefinition? Definition => null;

        public long NowMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        public Task<LiveKey?> KeyAsync(int group, IReadOnlyList<InputRecord> records, CancellationToken stopping) =>
            Task.FromResult<LiveKey?>(null);

        public Task<LivePartition?> PartitionAsync(string topic, int partition, CancellationToken stopping) =>
            Task.FromResult<LivePartition?>(null);

        public long? Origin(string topic, int partition) => null;
    }
}
