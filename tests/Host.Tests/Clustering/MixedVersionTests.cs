using AkkaJoin.Host.Demo;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Tests.Databases;
using Npgsql;
using Xunit;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>
/// Processes of an earlier commit and of this program on one join: of d7c65ac, which knows format 1 alone, or of 34c434f, which knows formats 1 and
/// 2. Whoever adds a format runs these with each, and names the last commit before it here.
/// </summary>
[Trait("Needs", "OldProgram")]
public sealed class MixedVersionTests(RealKafka kafka, RealPostgres postgres) : IClassFixture<RealKafka>, IClassFixture<RealPostgres>
{
    // So that both versions write snapshots, and read each other's.
    const string Snapshots = "akkajoin.flow.snapshot-bytes-min = 16 KiB";

    // A kill in the middle of a hand-over holds its shards up for so long: 60 s, as it comes.
    const string HandOver = "akka.cluster.sharding.handoff-timeout = 15s";

    // The nodes of format 1 speak without TLS on loopback, and do not know this key. Those of format 2 speak TLS.
    const string Plain = "akkajoin.cluster.tls.mode = off";

    [MixedVersionFact]
    public async Task Three_nodes_are_upgraded_one_by_one_and_taken_back_and_upgraded_again_and_every_row_is_there()
    {
        var database = postgres.CreateDatabase();
        await using var cluster = await ClusterOfProcesses.CreateAsync(kafka.BootstrapServers, database, nodes: 3, settings: $"{Snapshots}\n{HandOver}");
        var config = MixedVersionFactAttribute.OldFormat == 1 ? cluster.WriteConfig("plain", Plain) : null;
        cluster.Feed(perSecond: 500, seed: 23);
        await OldAsync(0, 1, 2);
        await cluster.MoreRowsAsync();

        // Forward, one of them by a kill, and a kill of a new one. Node 2 stays.
        await cluster.StopAsync(0);
        await NewAsync(0);
        await cluster.MoreRowsAsync();
        await cluster.KillAsync(1);
        await NewAsync(1);
        await cluster.MoreRowsAsync();
        await cluster.KillAsync(0);
        await NewAsync(0);
        await cluster.MoreRowsAsync();

        // Back, by a kill and by a stop: the old ones take over what the new ones wrote.
        await cluster.KillAsync(0);
        await OldAsync(0);
        await cluster.MoreRowsAsync();
        await cluster.StopAsync(1);
        await OldAsync(1);
        await cluster.MoreRowsAsync();
        var old = MixedVersionFactAttribute.OldFormat;
        cluster.Check(Formats(database) is [var only] && only == old, $"while an old node was there, formats {string.Join(", ", Formats(database))} were written");

        // Forward to the end, and a kill when all write the newest format.
        await cluster.StopAsync(0);
        await NewAsync(0);
        await cluster.MoreRowsAsync();
        await cluster.StopAsync(1);
        await NewAsync(1);
        await cluster.MoreRowsAsync();
        await cluster.StopAsync(2);
        await NewAsync(2);
        await cluster.UntilAsync(() => Formats(database).Contains(FormatVersions.Newest), "the newest format is written");
        await cluster.MoreRowsAsync();
        await cluster.KillAsync(1);
        await NewAsync(1);
        await cluster.FedAsync();
        await cluster.StopAsync(0, 1, 2);
        Assert.True((await cluster.ValidateAsync(config)).Found > 1_000);

        Task OldAsync(params int[] nodes) => LaunchAsync(nodes, null, MixedVersionFactAttribute.OldProgram);

        Task NewAsync(params int[] nodes) => LaunchAsync(nodes, config, null);

        async Task LaunchAsync(int[] nodes, string? file, string? program)
        {
            foreach (var node in nodes)
                cluster.Launch(node, file, program);
            await cluster.AllUpAsync();
        }
    }

    [MixedVersionFact]
    public async Task A_journal_on_SQLite_whose_node_was_killed_is_taken_over_with_what_rests_and_what_was_not_confirmed()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "full", settings: Snapshots);
        using var stop = new CancellationTokenSource();
        var records = new Workload(int.MaxValue, 29, 1_573_552_530_000).Records();
        var feeding = Task.Run(() => join.FeedSteadilyAsync(records, 1_000, stop.Token));
        using (var old = EngineProcess.StartProgram(MixedVersionFactAttribute.OldProgram!, "", new Dictionary<string, string>(), "run", "-c", join.ConfigFile))
        {
            await join.RowsAsync(2_000);
            await old.KillAsync();
        }

        var before = join.RowCount();
        using var node = EngineProcess.Start("run", "-c", join.ConfigFile);
        await join.RowsAsync(before + 1_000);
        await stop.CancelAsync();
        await feeding;

        // What was not confirmed is written again, under the same id.
        Assert.Contains(join.ReadRows().GroupBy(row => row.Id), rows => rows.Count() > 1);
        Assert.Equal(0, await node.TerminateAsync());
        Assert.Equal(0, (await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile)).Code);
        var validation = await join.ValidateAsync();
        Assert.True(validation.Exact, string.Join('\n', validation.Differences) + node.Output + node.Errors);
        foreach (var rows in join.ReadRows().GroupBy(row => row.Id))
            Assert.True(rows.Distinct().Count() == 1, $"the rows of {rows.Key} differ: {string.Join('\n', rows.Distinct())}");
    }

    /// <summary>The formats of the events that lie in the journal: an event begins with its own.</summary>
    static List<int> Formats(string database)
    {
        using var connection = new NpgsqlConnection(database);
        connection.Open();
        using var command = new NpgsqlCommand("SELECT DISTINCT get_byte(message, 0) FROM journal ORDER BY 1", connection);
        using var reader = command.ExecuteReader();
        var formats = new List<int>();
        while (reader.Read())
            formats.Add(reader.GetInt32(0));
        return formats;
    }
}
