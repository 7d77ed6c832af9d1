using System.Text;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;
using Confluent.Kafka;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

public sealed class JoinBeginningTests
{
    readonly Catalog _catalog = new();

    [Fact]
    public void The_numbers_of_the_first_start_stay_whatever_is_added()
    {
        Assert.Equal((4, 2), Partitions(4, 2));
        Assert.Equal((4, 2), Partitions(8, 3, ("left", 7), ("right", 2)));
        Assert.Equal("4 2", Encoding.UTF8.GetString(_catalog.Values[CatalogNames.SourcePartitions]));
    }

    [Fact]
    public void A_journal_from_before_the_numbers_knows_the_partitions_with_committed_offsets() =>
        Assert.Equal((4, 3), Partitions(6, 3, ("left", 0), ("left", 3)));

    [Fact]
    public void Of_several_nodes_that_start_first_all_go_by_the_one_whose_numbers_were_written()
    {
        _catalog.BeforeAdding = () => _catalog.Values[CatalogNames.SourcePartitions] = Encoding.UTF8.GetBytes("3 1");
        Assert.Equal((3, 1), Partitions(4, 2));
    }

    [Fact]
    public void A_partition_above_the_number_was_added()
    {
        var sources = new SourceTopics(new Dictionary<string, string>()) { PartitionsAtBeginning = new Dictionary<string, int> { ["t"] = 2 } };
        Assert.Equal((false, true, false), (sources.IsAdded("t", 1), sources.IsAdded("t", 2), sources.IsAdded("other", 9)));
    }

    (int Left, int Right) Partitions(int left, int right, params (string Topic, int Partition)[] committed)
    {
        var join = new JoinSettings
        {
            Name = "j",
            Type = AkkaJoin.Shards.Definition.JoinType.Inner,
            BeforeMs = 0,
            AfterMs = 0,
            Flow = new FlowSettings(),
            GroupId = "g",
            Left = new SourceSettings { Topic = "left" },
            Right = new SourceSettings { Topic = "right" },
            Output = new OutputSettings { Topic = "rows", LateTopic = "late", DeadLetterTopic = "dead" },
        };
        var numbers = JoinBeginning.Partitions(
            _catalog, join, new("left", left, ""), new("right", right, ""), [.. committed.Select(c => new TopicPartition(c.Topic, c.Partition))]);
        return (numbers["left"], numbers["right"]);
    }

    sealed class Catalog : IJoinCatalog
    {
        internal Dictionary<string, byte[]> Values { get; } = [];

        internal Action BeforeAdding { get; set; } = static () => { };

        public byte[]? Get(string join, string name) => Values.GetValueOrDefault(name);

        public void Set(string join, IReadOnlyDictionary<string, byte[]> values) => throw new NotSupportedException();

        public bool TryAdd(string join, IReadOnlyDictionary<string, byte[]> values)
        {
            BeforeAdding();
            return values.All(v => Values.TryAdd(v.Key, v.Value));
        }

        public bool TryReplace(string join, string name, byte[]? expected, byte[] value) => throw new NotSupportedException();

        public long NextGeneration(string join) => throw new NotSupportedException();
    }
}
