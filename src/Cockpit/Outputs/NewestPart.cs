using AkkaJoin.Cockpit.Explain.Search;

namespace AkkaJoin.Cockpit.Outputs;

/// <summary>A partition while it is read backwards.</summary>
/// <param name="partition">Its number.</param>
/// <param name="log">Where it begins and ends.</param>
sealed class NewestPart<T>(int partition, PartitionLog log)
    where T : class
{
    readonly List<NewestRecord<T>> _ofBlock = [];
    long _oldestOfBlockMs = long.MaxValue;

    internal int Partition => partition;

    internal PartitionLog Log => log;

    /// <summary>All records from this offset on are read.</summary>
    internal long From { get; private set; } = log.StableEnd;

    /// <summary>What was found among them.</summary>
    internal List<NewestRecord<T>> Found { get; } = [];

    /// <summary>The Kafka timestamp of the oldest record that was read, ms since the epoch.</summary>
    internal long OldestMs { get; private set; } = long.MaxValue;

    /// <summary>Whether the whole partition is read.</summary>
    internal bool IsAtStart => From <= log.Start;

    /// <summary>The next block, of so many offsets at most.</summary>
    internal OffsetRange Next(long block) => new(Math.Max(log.Start, From - block), From);

    /// <summary>A record of the block.</summary>
    internal void Add(long offset, long writtenMs, T? record)
    {
        _oldestOfBlockMs = Math.Min(_oldestOfBlockMs, writtenMs);
        if (record is not null)
            _ofBlock.Add(new NewestRecord<T>(partition, offset, writtenMs, record));
    }

    /// <summary>The block ends.</summary>
    internal void End(long from, bool isWhole)
    {
        if (isWhole)
        {
            From = from;
            OldestMs = Math.Min(OldestMs, _oldestOfBlockMs);
            Found.AddRange(_ofBlock);
        }

        _ofBlock.Clear();
        _oldestOfBlockMs = long.MaxValue;
    }
}
