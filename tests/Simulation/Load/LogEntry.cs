using System.Globalization;
using AkkaJoin.Shards.Tests.Oracle;

namespace AkkaJoin.Simulation.Load;

/// <summary>A record of a source log, from <paramref name="ArrivesAt"/> on; null = one that cannot be decoded, or that is filtered.</summary>
readonly record struct LogEntry(long ArrivesAt, TestRecord? Record)
{
    /// <summary>What begins the value of a filtered record.</summary>
    internal const string FilteredPrefix = "out:";

    /// <summary>What begins the value of a record whose time is not taken.</summary>
    internal const string RefusedPrefix = "far:";

    /// <summary>The event time of a record that is decoded, and refused for its time.</summary>
    internal long? RefusedTime { get; init; }

    /// <summary>The event time of a record that the filter leaves out.</summary>
    internal long? FilteredTime { get; init; }

    /// <summary>The event time that counts for the watermark; null = there is none, or it is not taken.</summary>
    internal long? TimeThatCounts => Record?.Time ?? (FilteredTime <= Streams.TakenMs ? FilteredTime : null);

    /// <summary>Whether it must be a dead letter.</summary>
    internal bool IsPoison => Record is null && FilteredTime is null;

    /// <summary>The record's value: what is behind the letter of its side in its name. So in a self-join one value names two records.</summary>
    internal string Value => Record is { } record ? string.Concat("#", record.Name.AsSpan(1)) : FilteredTime is { } time ? FilteredPrefix + time.ToString(CultureInfo.InvariantCulture)
        : RefusedTime is { } refused ? RefusedPrefix + refused.ToString(CultureInfo.InvariantCulture)
        : "poison";
}
