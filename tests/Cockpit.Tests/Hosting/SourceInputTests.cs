using System.Collections.Concurrent;
using System.Text;
using Akka;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;
using AkkaJoin.Cockpit.Acts;
using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Hosting;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.RowReading;
using AkkaJoin.Pipeline.Sources;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Cockpit.Tests.Hosting;

/// <summary>A join whose records come from sources of the application, and whose rows go to a reader in it.</summary>
public sealed class SourceInputTests(ITestOutputHelper output) : IDisposable
{
    const int Records = 2_000, Partitions = 2;
    readonly EmbeddedKafka _kafka = JoiningApplication.Kafka();
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-sources-");
    readonly MemorySource _impressions = new("impressions", Partitions);
    readonly MemorySource _plays = new("plays", Partitions);

    Dictionary<string, string?> Settings => new(JoiningApplication.Settings(_kafka, _directory.FullName))
    {
        ["akkajoin:joins:visits:left:from"] = "source",
        ["akkajoin:joins:visits:right:from"] = "source",
        ["akkajoin:joins:visits:after"] = "10s",
        ["akkajoin:joins:visits:output:to"] = "source",
        ["akkajoin:flow:drain-timeout"] = "500ms",
        ["akkajoin:flow:hand-over-timeout"] = "1s",
    };

    public void Dispose()
    {
        _kafka.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_join_of_sources_that_is_stopped_in_the_middle_is_exact_and_reads_on_from_where_its_key_groups_are()
    {
        const int seed = 20_261_129;
        output.WriteLine($"seed {seed}");
        var expected = Fill(new Random(seed));
        var rows = new ConcurrentDictionary<string, string>();

        // The first run sees half of each source. Of the later rows a third stays unconfirmed. A key group takes no
        // more than some messages while one is, so it does not count how many come after that.
        _impressions.Visible = _plays.Visible = Records / 2;
        await using (var app = await StartAsync())
        {
            var (taken, unconfirmed) = (0, 0);
            Read(app, rows, row =>
            {
                if (Interlocked.Increment(ref taken) is var number && (number <= expected.Count / 8 || number % 3 != 0))
                    row.Confirm();
                else
                    Interlocked.Increment(ref unconfirmed);
            });
            await app.UntilAsync(() => Task.FromResult(Volatile.Read(ref unconfirmed)), count => count > 0);
        }

        Assert.True(rows.Count < expected.Count, "it was stopped in the middle");
        Assert.All(_impressions.Reads.Concat(_plays.Reads), read => Assert.Equal(0, read.Offset));
        _impressions.Visible = _plays.Visible = int.MaxValue;
        await using (var app = await StartAsync())
        {
            Read(app, rows, row => row.Confirm());
            await app.UntilAsync(() => Task.FromResult(rows.Count), count => count >= expected.Count);
            var ledger = await app.UntilAsync(
                () => app.Joins.LedgerAsync("visits"), ledger => ledger is { Left.Received: Records, Right.Received: Records });
            Assert.Empty(ledger.SilentKeyGroups);
        }

        // By id each row is there once, whatever came twice; and they are those that the records make.
        Assert.Equal(expected.Order(StringComparer.Ordinal), rows.Values.Order(StringComparer.Ordinal));
        Assert.Contains(_impressions.Reads.Concat(_plays.Reads), read => read.Offset > 0);
    }

    [Fact]
    public async Task A_source_and_a_topic_can_be_joined()
    {
        var settings = Settings;
        settings["akkajoin:joins:visits:right:from"] = "kafka";
        settings["akkajoin:joins:visits:output:to"] = "kafka";
        _impressions.Add(0, """{"k":"a","t":1000}""");
        _impressions.Add(1, """{"k":"b","t":1000}""");
        await using var app = await StartAsync(settings);
        JoiningApplication.Send(_kafka, "plays", """{"k":"b","t":2000}""");
        Assert.Contains("\"rightTime\":2000", JoiningApplication.RowIn(_kafka), StringComparison.Ordinal);
        _impressions.Add(0, """{"k":"c","t":1000}""");
        await app.UntilAsync(() => app.Joins.LedgerAsync("visits"), ledger => ledger.Left.Received == 3);
    }

    [Fact]
    public async Task A_source_that_is_not_registered_is_said_to_be_missing()
    {
        await using var app = await JoiningApplication.StartAsync(Settings, add: services => services.AddSingleton<IRecordSource>(_plays));
        var state = await app.UntilAsync(() => app.Joins.StateAsync("visits"), state => state.Failure is not null);
        Assert.Contains("register one IRecordSource with Topic = \"impressions\"", state.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_fails_ends_the_join_and_says_why()
    {
        _impressions.Failure = new InvalidOperationException("the disk is gone");
        await using var app = await StartAsync();
        var state = await app.UntilAsync(() => app.Joins.StateAsync("visits"), state => state.Failure is not null);
        Assert.Contains("the source 'impressions', partition", state.Failure, StringComparison.Ordinal);
        Assert.Contains("the disk is gone", state.Failure, StringComparison.Ordinal);

        // Whoever asks something of it hears that nothing of it runs, and not that all is done.
        var node = app.App.Services.GetRequiredService<EmbeddedNode>().Node!;
        var call = new CommandCall(new Dictionary<string, string> { ["join"] = "visits" }, "test", CancellationToken.None);
        var report = await FlowActs.DrainAsync(node, call);
        Assert.Empty(report.Nodes);
        Assert.False(report.IsDone);
        Assert.Contains("join 'visits' has failed here: the source", Assert.Single(report.Missing).Reason, StringComparison.Ordinal);
        var text = new StringWriter();
        FlowText.Write(report, text);
        Assert.DoesNotContain("committed", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ask again", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_has_nothing_more_to_say_holds_no_row_back()
    {
        var settings = Settings;
        settings["akkajoin:joins:visits:type"] = "left";
        settings["akkajoin:joins:visits:after"] = "1s";
        settings["akkajoin:joins:visits:max-out-of-orderness"] = "0s";
        settings["akkajoin:joins:visits:idle:timeout"] = "1s";
        settings["akkajoin:joins:visits:output:to"] = "kafka";
        for (var partition = 0; partition < Partitions; partition++)
        {
            _impressions.Add(partition, $$"""{"k":"{{partition}}","t":1000}""");
            _plays.Add(partition, """{"k":"other","t":1000}""");
        }

        await using var app = await StartAsync(settings);
        Assert.Contains("\"right\":null", JoiningApplication.RowIn(_kafka), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_join_of_a_source_is_refused_where_the_cluster_has_another_node()
    {
        using var other = ActorSystem.Create("shop", ConfigurationFactory.ParseString(
            """
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              actor.provider = cluster
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            }
            """));
        var seed = Akka.Cluster.Cluster.Get(other).SelfAddress;
        Akka.Cluster.Cluster.Get(other).Join(seed);
        await using var app = await JoiningApplication.StartAsync(
            Settings,
            add: services => services.AddSingleton<IRecordSource>(_impressions).AddSingleton<IRecordSource>(_plays)
                .AddAkka("shop", (akka, provider) => akka
                    .WithRemoting("127.0.0.1", 0)
                    .WithClustering(new ClusterOptions())
                    .WithAkkaJoin(provider)
                    .AddStartup((system, _) => Akka.Cluster.Cluster.Get(system).Join(seed))));
        var state = await app.UntilAsync(() => app.Joins.StateAsync("visits"), state => state.Failure is not null);
        Assert.Equal(
            $"join 'visits' reads from a source of the application's, and {seed} is a member of the cluster too: such a join "
                + "runs on one node",
            state.Failure);
        Assert.Empty(_impressions.Reads);
        await other.Terminate();
    }

    Task<JoiningApplication> StartAsync(Dictionary<string, string?>? settings = null) => JoiningApplication.StartAsync(
        settings ?? Settings,
        add: services => services.AddSingleton<IRecordSource>(_impressions).AddSingleton<IRecordSource>(_plays));

    static void Read(JoiningApplication app, ConcurrentDictionary<string, string> rows, Action<JoinedRow> then)
    {
        var system = app.App.Services.GetRequiredService<ActorSystem>();
        _ = app.Joins.Rows("visits").RunForeach(
            row =>
            {
                var content = NumberedRecords.RowOf(row.Value!.Value.Span);
                Assert.Equal(content, rows.GetOrAdd(row.Id, content));
                then(row);
            },
            system.Materializer());
    }

    List<string> Fill(Random random)
    {
        var (lefts, rights) = (NumberedRecords.Make(random, Records), NumberedRecords.Make(random, Records));
        lefts.ForEach(record => _impressions.Add(record.Number % Partitions, record.Json));
        rights.ForEach(record => _plays.Add(record.Number % Partitions, record.Json));
        return NumberedRecords.Pairs(lefts, rights);
    }

    /// <summary>Records in memory. Their offsets rise by three, so that there are gaps.</summary>
    sealed class MemorySource(string topic, int partitions) : IRecordSource
    {
        readonly List<OffsetRecord>[] _records = [.. Enumerable.Range(0, partitions).Select(_ => new List<OffsetRecord>())];

        public string Topic => topic;

        public int Partitions => partitions;

        /// <summary>How many records can be read, of all partitions; the others come later.</summary>
        internal volatile int Visible = int.MaxValue;

        internal Exception? Failure { get; set; }

        internal ConcurrentQueue<(int Partition, long Offset)> Reads { get; } = [];

        internal void Add(int partition, string value)
        {
            lock (_records)
            {
                var records = _records[partition];
                records.Add(new OffsetRecord(records.Count * 3, Encoding.UTF8.GetBytes(value)) { Key = "x"u8.ToArray() });
            }
        }

        public Source<OffsetRecord, NotUsed> Read(int partition, long offset)
        {
            Reads.Enqueue((partition, offset));
            if (Failure is not null)
                return Source.Failed<OffsetRecord>(Failure);

            // Asks again while there is nothing, for ever: as a table that is polled.
            return Source.UnfoldAsync(offset, async from =>
            {
                while (true)
                {
                    if (Next(partition, from) is { } record)
                        return Option<(long, OffsetRecord)>.Create((record.Offset + 1, record));
                    await Task.Delay(5);
                }
            });
        }

        OffsetRecord? Next(int partition, long from)
        {
            lock (_records)
            {
                var index = (int)((from + 2) / 3);
                return index < _records[partition].Count && index < Visible / partitions ? _records[partition][index] : null;
            }
        }
    }
}
