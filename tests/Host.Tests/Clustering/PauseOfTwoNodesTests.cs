using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaJoin.Cockpit.Tests;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>A pause by <c>pbm</c> of a join that two nodes read.</summary>
[Trait("Needs", "Kafka")]
[Collection(ClusterServers.Name)]
public sealed partial class PauseOfTwoNodesTests(RealKafka kafka, RealPostgres postgres)
{
    static readonly TimeSpan KnownWithin = TimeSpan.FromSeconds(1);

    [ClusterFact]
    public async Task Within_a_second_both_nodes_read_nothing_more_and_after_a_resume_every_row_is_there()
    {
        _ = TestNode.Directory; // where all processes of the tests look for their token
        await using var cluster = await ClusterOfProcesses.CreateAsync(kafka.BootstrapServers, postgres.CreateDatabase(), nodes: 2);
        cluster.Feed(perSecond: 300, seed: 29);
        var asked = cluster.Launch(0, cluster.WriteConfig("asked", "akkajoin.cluster.admin-port = 0"));
        await cluster.UpAsync(1);
        await cluster.UntilAsync(() => Address().IsMatch(asked.Errors), "the address where it is asked");
        var address = Address().Match(asked.Errors).Groups[1].Value;
        await cluster.UntilAsync(async () => Readers(await BoardAsync(address)) == 2, "both nodes read partitions");
        await cluster.MoreRowsAsync();

        await PbmAsync(cluster, "does it", 2, address, "join", "pause", "test");
        await cluster.UntilAsync(() => ToldAt(cluster[0]) is not null && ToldAt(cluster[1]) is not null, "the word of both nodes");
        var apart = (ToldAt(cluster[0])!.Value - ToldAt(cluster[1])!.Value).Duration();
        cluster.Check(apart < KnownWithin, $"one node knows it {apart} after the other");

        // What was read before the pause comes out; then nothing more, however much there is to read.
        await PbmAsync(cluster, "its offsets are committed", 1, address, "join", "drain", "test");
        var (committed, rows) = (cluster.Offsets.Committed(), cluster.Join.RowCount());
        await cluster.UntilAsync(async () => AllWait(await BoardAsync(address), 200), "more records in every partition");
        Assert.Equal(committed.OrderBy(Name), cluster.Offsets.Committed().OrderBy(Name));
        cluster.Check(cluster.Join.RowCount() == rows, "a row came");

        await PbmAsync(cluster, "both sides are read", 1, address, "join", "resume", "test");
        await cluster.UntilAsync(() => cluster.Offsets.HavePassed(committed), "every partition is read on");
        await cluster.FedAsync();
        await cluster.StopAsync(0, 1);
        await cluster.ValidateAsync();
    }

    static string Name(KeyValuePair<Confluent.Kafka.TopicPartition, long> offset) => offset.Key.ToString();

    static async Task PbmAsync(ClusterOfProcesses cluster, string says, int times, string address, params string[] command)
    {
        var (code, output, errors) = await EngineProcess.RunAsync(["pbm", address, .. command]);
        cluster.Check(code == 0 && output.Split(says).Length == times + 1, $"{string.Join(' ', command)}: {code}, {output}{errors}");
    }

    static async Task<List<JsonElement>> BoardAsync(string address)
    {
        var (code, output, _) = await EngineProcess.RunAsync("pbm", address, "time", "show", "test", "--json");
        if (code != 0)
            return [];
        using var board = JsonDocument.Parse(output);
        return [.. board.RootElement.GetProperty("partitions").EnumerateArray().Select(partition => partition.Clone())];
    }

    static int Readers(List<JsonElement> board) => board.Select(partition => Text(partition, "node")).OfType<string>().Distinct().Count();

    // 300 records/s over 6 partitions: a few seconds' worth in each.
    static bool AllWait(List<JsonElement> board, int records) => board.Count > 0 && board.TrueForAll(
        partition => Text(partition, "reason") == "order" && partition.GetProperty("lag").GetInt64() > records);

    static string? Text(JsonElement partition, string name) => partition.TryGetProperty(name, out var value) ? value.GetString() : null;

    // When a node wrote into its log that it knows of the pause.
    static DateTimeOffset? ToldAt(EngineProcess node) => Told().Match(node.Errors) is { Success: true } match
        ? DateTimeOffset.ParseExact(match.Groups[1].Value, "yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
        : null;

    [GeneratedRegex(@"^(\S+ \S+Z) .*from now on no side is read", RegexOptions.Multiline)]
    private static partial Regex Told();

    [GeneratedRegex(@"akkajoin: listens for questions at (127\.0\.0\.1:\d+) ")]
    private static partial Regex Address();
}
