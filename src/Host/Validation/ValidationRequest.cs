using System.Globalization;
using System.Text;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Host.Validation;

/// <summary>What <see cref="Validator"/> is to validate.</summary>
/// <param name="Kafka">How the brokers are reached.</param>
/// <param name="Join">The join.</param>
sealed record ValidationRequest(KafkaSettings Kafka, JoinSettings Join)
{
    /// <summary>
    /// How far the join has read: the offset after the last record per partition, as it was committed; a partition that
    /// is missing was not read. Records above may have come out already, but none must. Null = to the end of every
    /// partition.
    /// </summary>
    public IReadOnlyDictionary<PartitionId, long>? Ends { get; init; }

    /// <summary>Validate the rows of records with an event time at or above this, ms since the epoch.</summary>
    public long? FromMs { get; init; }

    /// <summary>Validate the rows of records with an event time below this, ms since the epoch.</summary>
    public long? ToMs { get; init; }

    /// <summary>The watermarks at the end of a bounded run's input, or null.</summary>
    public EndWatermarks? EndWatermarks { get; init; }

    /// <summary>Where every difference is written, one JSON object a line, or null.</summary>
    public string? DifferencesFile { get; init; }

    /// <summary>How long to wait for the next record of a partition that has more, ms.</summary>
    public int SilenceMaxMs { get; init; } = 30_000;
}

/// <summary>Which of a join's rows a <see cref="ValidationSession"/> validates.</summary>
/// <param name="FromMs">Rows of records with an event time at or above this, ms since the epoch; null = all.</param>
/// <param name="ToMs">Rows of records with an event time below this, ms since the epoch; null = all.</param>
/// <param name="EndWatermarks">The watermarks at the end of a bounded run's input, or null.</param>
/// <param name="LeftPartitions">The partitions of the left topic.</param>
/// <param name="RightPartitions">The partitions of the right topic.</param>
sealed record ValidationScope(long? FromMs, long? ToMs, EndWatermarks? EndWatermarks, int LeftPartitions, int RightPartitions)
{
    internal bool IsFiltered => FromMs is not null || ToMs is not null;

    internal long From => FromMs ?? TimeLimits.Min * 8;

    internal long To => ToMs ?? TimeLimits.Max * 8;

    internal int Partitions(Side side) => side == Side.Left ? LeftPartitions : RightPartitions;
}

/// <summary>The watermarks that a bounded run set at the end of its input, beyond what the records say.</summary>
/// <param name="Left">
/// The left side's watermark at the end of the last run, ms since the epoch; null = what the records say.
/// </param>
/// <param name="Right">
/// The right side's watermark at the end of the last run, ms since the epoch; null = what the records say.
/// </param>
sealed record EndWatermarks(long? Left, long? Right)
{
    /// <summary>
    /// What the journal has of them; null where no bounded run ended its input, or the journal is not here. Watermarks
    /// never go back, so they stay true whatever ran since.
    /// </summary>
    /// <exception cref="JournalException">The journal cannot be read.</exception>
    public static EndWatermarks? Read(JournalSettings settings, string join)
    {
        using var journal = JournalOpener.OpenForReading(settings);
        if (journal?.Get(join, CatalogNames.EndWatermarks) is not { } value)
            return null;
        var both = Encoding.UTF8.GetString(value).Split(' ');
        return new EndWatermarks(long.Parse(both[0], CultureInfo.InvariantCulture), long.Parse(both[1], CultureInfo.InvariantCulture));
    }
}
