using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Sources;

/// <summary>The inputs of a join that the application provides.</summary>
/// <param name="Sources">The sources, each once.</param>
sealed record ApplicationInputs(IReadOnlyList<IRecordSource> Sources)
{
    /// <summary>In place of the id that Kafka gives a topic: offsets of the one mean nothing in the other.</summary>
    const string Id = "source";

    /// <summary>Where the join began with each partition.</summary>
    readonly Dictionary<TopicPartition, long> _origins = [];

    /// <summary>The names of the inputs from Kafka.</summary>
    internal IReadOnlyList<string> KafkaTopics { get; private init; } = [];

    /// <summary>Those of a join.</summary>
    /// <param name="join">The join.</param>
    /// <param name="registered">What the application has.</param>
    /// <exception cref="UserException">One is missing, is there twice, or has no partitions.</exception>
    internal static ApplicationInputs Of(JoinSettings join, IReadOnlyList<IRecordSource> registered)
    {
        SourceSettings[] sides = [join.Left, join.Right];
        return new ApplicationInputs([.. sides.Where(side => side.IsFromSource).Select(side => side.Topic).Distinct().Select(Find)])
        {
            KafkaTopics = [.. sides.Where(side => !side.IsFromSource).Select(side => side.Topic).Distinct()],
        };

        IRecordSource Find(string topic)
        {
            var found = registered.Where(source => source.Topic == topic).ToList();
            if (found is not [var only])
            {
                throw new UserException(
                    $"join '{join.Name}' reads '{topic}' from a source of the application's, and {found.Count} are registered: register "
                        + $"one IRecordSource with Topic = \"{topic}\" as a service",
                    ConfigException.Code);
            }

            return only.Partitions > 0
                ? only
                : throw new UserException($"the source '{topic}' says that it has {only.Partitions} partitions: it needs one at least", 1);
        }
    }

    /// <summary>Whether a topic is the application's.</summary>
    internal bool Has(string topic) => Sources.Any(source => source.Topic == topic);

    /// <summary>A source as a broker would describe its topic; null = it is none of these.</summary>
    internal TopicInfo? Describe(string topic) =>
        Sources.FirstOrDefault(source => source.Topic == topic) is { } found ? new TopicInfo(topic, found.Partitions, Id) : null;

    /// <summary>Writes where the join begins with each partition: with offset 0. An earlier run's word stays.</summary>
    /// <param name="origins">The journal's.</param>
    /// <param name="atBeginning">How many partitions each had when the join began.</param>
    /// <exception cref="UserException">A source has fewer partitions than it had.</exception>
    internal void Begin(PartitionOrigins origins, IReadOnlyDictionary<string, int> atBeginning)
    {
        foreach (var source in Sources)
        {
            if (atBeginning.TryGetValue(source.Topic, out var before) && source.Partitions < before)
            {
                throw new UserException(
                    $"the source '{source.Topic}' has {source.Partitions} partitions, and had {before} when the join began: records "
                        + "that wait for a partner would lose their time. Give it the partitions back",
                    1);
            }
        }

        var partitions = from source in Sources
                         from partition in Enumerable.Range(0, source.Partitions)
                         select new TopicPartition(source.Topic, partition);
        var all = partitions.ToList();
        origins.Add(all.ToDictionary(partition => partition, _ => 0L));
        foreach (var partition in all)
            _origins[partition] = origins.Find(partition) ?? 0;
    }

    /// <summary>How the router is told of a partition.</summary>
    internal PartitionStart Start(string topic, int partition, int generation)
    {
        var origin = _origins.GetValueOrDefault(new TopicPartition(topic, partition));
        return new PartitionStart(topic, partition, generation, origin, false, 0, 0, Sources.First(s => s.Topic == topic).Partitions)
        {
            Origin = origin,
            HasCommits = false,
        };
    }
}
