using System.Globalization;
using System.Text;
using AkkaJoin.Cockpit.Outputs;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Cockpit.Tests.Outputs;

/// <summary>Topics that are read backwards, on an embedded Kafka.</summary>
public sealed class NewestSearchTests(ITestOutputHelper output) : IDisposable
{
    readonly EmbeddedKafka _kafka = new();

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task The_newest_of_all_partitions_come_first_whatever_their_number()
    {
        const int seed = 20_261_129;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var written = Fill("t", partitions: 3, Enumerable.Range(0, 400).Select(_ => (random.Next(3), random.Next(1, 50))));
        foreach (var count in new[] { 1, 7, 50, 400, 1_000 })
        {
            var found = await SearchAsync("t", count, _ => true);
            var newest = written.OrderByDescending(r => r.TimeMs).ThenBy(r => r.Partition).ThenByDescending(r => r.Offset).Take(count);
            Assert.Equal(newest.Select(r => (r.Partition, r.Offset)), found.Records.Select(r => (r.Partition, r.Offset)));
            Assert.Equal(count >= 400 ? SearchStop.End : SearchStop.Found, found.Stop);
        }
    }

    [Fact]
    public async Task A_kind_that_is_rare_is_looked_for_further_back()
    {
        Fill("t", partitions: 2, Enumerable.Range(0, 300).Select(i => (i % 2, 1)));
        var found = await SearchAsync("t", 2, value => value is "3" or "10" or "12");
        Assert.Equal(["12", "10"], found.Records.Select(r => r.Record));
        var none = await SearchAsync("t", 2, _ => false);
        Assert.Equal((SearchStop.End, 300L, 0), (none.Stop, none.Read, none.Records.Count));
        Assert.Equal("300 records of t read: all that it holds.", none.Report().Text);
    }

    [Fact]
    public async Task The_limit_of_records_stops_it_and_it_says_from_where_on_all_was_read()
    {
        Fill("t", partitions: 2, Enumerable.Range(0, 300).Select(i => (i % 2, 1)));
        var found = await SearchAsync("t", 20, _ => false, new ExplainLimits { RecordsMax = 101 });
        Assert.Equal((SearchStop.Records, 100L), (found.Stop, found.Read));
        Assert.Equal([new PartitionRead(0, 0, 100, 150), new PartitionRead(1, 0, 100, 150)], found.Parts);
        Assert.EndsWith("until the limit of records (max-records) stopped the search.", found.Report().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limit_of_bytes_leaves_no_hole_in_what_is_shown()
    {
        Fill("t", partitions: 1, Enumerable.Range(0, 300).Select(_ => (0, 1)), valueBytes: 1_000);
        var found = await SearchAsync("t", 200, _ => true, new ExplainLimits { BytesMax = 100_000 });
        Assert.Equal(SearchStop.Bytes, found.Stop);
        Assert.InRange(found.Records.Count, 1, 100);
        Assert.Equal(Enumerable.Range(0, found.Records.Count).Select(i => 299L - i), found.Records.Select(r => r.Offset));
        Assert.Equal(300 - found.Records.Count, found.Parts[0].From);
    }

    [Fact]
    public async Task A_topic_that_is_not_there_has_nothing()
    {
        var found = await SearchAsync("none", 5, _ => true);
        Assert.Empty(found.Parts);
        Assert.Equal("There is no topic none.", found.Report().Text);
    }

    [Theory]
    [InlineData("", 9)]
    [InlineData("a", 10)]
    [InlineData("ab", 10)]
    [InlineData("abc", 7)]
    [InlineData("kafka", 5)]
    [InlineData("0123456789", 12)]
    public async Task A_key_has_the_partition_that_the_producer_gives_it(string key, int partitions)
    {
        _kafka.CreateTopic("k", partitions);
        var config = new ProducerConfig { BootstrapServers = _kafka.BootstrapServers, Partitioner = Partitioner.Murmur2Random };
        using var producer = new ProducerBuilder<byte[], byte[]>(config).Build();
        var bytes = Encoding.UTF8.GetBytes(key);
        var written = await producer.ProduceAsync("k", new Message<byte[], byte[]> { Key = bytes, Value = bytes });
        Assert.Equal(written.Partition.Value, KeyPartitioner.Of(bytes, partitions));
    }

    async Task<NewestRecords<string>> SearchAsync(string topic, int count, Func<string, bool> isWanted, ExplainLimits? limits = null)
    {
        var kafka = new KafkaSettings { BootstrapServers = _kafka.BootstrapServers, ConnectTimeoutMs = 10_000 };
        using var admin = TopicAdmin.Create(kafka);
        var search = new NewestSearch(kafka, admin, limits ?? new ExplainLimits());
        return await search.RunAsync(topic, null, count, Value, CancellationToken.None);

        string? Value(ConsumeResult<byte[]?, byte[]?> result)
        {
            var value = Encoding.UTF8.GetString(result.Message.Value!).TrimEnd('.');
            return isWanted(value) ? value : null;
        }
    }

    // Partition, and how many ms after the record before; the value is the number of the record.
    List<(int Partition, long Offset, long TimeMs)> Fill(
        string topic, int partitions, IEnumerable<(int Partition, int StepMs)> records, int valueBytes = 1)
    {
        _kafka.CreateTopic(topic, partitions);
        var written = new List<(int, long, long)>();
        var (timeMs, number) = (1_573_552_800_000L, 0);
        var offsets = new long[partitions];
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = _kafka.BootstrapServers }).Build();
        foreach (var (partition, stepMs) in records)
        {
            timeMs += stepMs;
            producer.Produce(new TopicPartition(topic, partition), new Message<Null, byte[]>
            {
                Value = Encoding.UTF8.GetBytes(number++.ToString(CultureInfo.InvariantCulture).PadRight(valueBytes, '.')),
                Timestamp = new Timestamp(timeMs, TimestampType.CreateTime),
            });
            written.Add((partition, offsets[partition]++, timeMs));
        }

        producer.Flush();
        return written;
    }
}
