using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Kafka.Admin;

/// <summary>
/// The source topics of a join as its journal knows them. A topic that was deleted and made again has another id, and
/// its offsets mean other records: what the journal has covered of the old one would hide as many records of the new
/// one. Any thread.
/// </summary>
/// <param name="ids">The id of each topic; empty where none is known, which is true of any topic.</param>
sealed class SourceTopics(IReadOnlyDictionary<string, string> ids)
{
    readonly Lock _gate = new();
    TaskCompletionSource _suspected = New();

    /// <summary>Topics of which nothing is known.</summary>
    internal static SourceTopics Unknown { get; } = new(new Dictionary<string, string>());

    /// <summary>Those of a definition.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="topics">Those of its inputs that are topics.</param>
    /// <param name="partitions">The number of partitions that each had when the join began.</param>
    /// <param name="origins">Where the join began with each partition.</param>
    internal static SourceTopics Of(
        JoinDefinition definition,
        IReadOnlyCollection<string> topics,
        IReadOnlyDictionary<string, int> partitions,
        PartitionOrigins origins) =>
        new(topics.ToDictionary(
            topic => topic, topic => topic == definition.Left.Topic ? definition.Left.TopicId : definition.Right.TopicId))
        {
            PartitionsAtBeginning = partitions,
            Origins = origins,
        };

    /// <summary>The topics' names.</summary>
    internal IReadOnlyCollection<string> Names => [.. ids.Keys];

    /// <summary>
    /// The number of partitions that each topic had when the join began; a topic that is not in it has none that were
    /// added.
    /// </summary>
    internal IReadOnlyDictionary<string, int> PartitionsAtBeginning { get; init; } = new Dictionary<string, int>();

    /// <summary>Where the join began with each partition; null where no journal keeps it.</summary>
    internal PartitionOrigins? Origins { get; init; }

    /// <summary>Whether a partition was added since the join began.</summary>
    internal bool IsAdded(string topic, int partition) => PartitionsAtBeginning.TryGetValue(topic, out var count) && partition >= count;

    /// <summary>
    /// Something was seen that a log which only grows does not show: the ids are to be asked for now.
    /// </summary>
    internal void Suspect()
    {
        lock (_gate)
            _suspected.TrySetResult();
    }

    /// <summary>Done at the next <see cref="Suspect"/>, or at one since the last call.</summary>
    internal Task NextSuspicion()
    {
        lock (_gate)
        {
            var next = _suspected.Task;
            if (next.IsCompleted)
                _suspected = New();
            return next;
        }
    }

    /// <summary>Compares with what a broker says of them; one that does not exist is not compared.</summary>
    /// <exception cref="TopicMadeAgainException">One is not the topic that the journal knows.</exception>
    internal void Check(IEnumerable<TopicInfo> infos)
    {
        foreach (var info in infos)
        {
            if (info.Exists && info.Id.Length > 0 && ids.GetValueOrDefault(info.Name, "") is { Length: > 0 } known && known != info.Id)
                throw new TopicMadeAgainException(info.Name, known, info.Id);
        }
    }

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A source topic was deleted and made again while a join read it.</summary>
sealed class TopicMadeAgainException(string topic, string known, string found) : UserException(
    $"the source topic '{topic}' was deleted and made again while the join ran (its id was {known} and is {found}). Its offsets mean "
    + "other records now, so nothing of it is read or "
    + "committed any more. Start anew with an empty journal and another group-id.",
    Failed)
{
    const int Failed = 1;
}
