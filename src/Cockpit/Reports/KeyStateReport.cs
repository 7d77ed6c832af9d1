using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Cockpit.Reports;

/// <summary>What a join has of one key.</summary>
/// <param name="Join">The name of the join.</param>
/// <param name="Key">The key as text; null = it is no UTF-8.</param>
/// <param name="KeyHex">Its bytes in canonical form, as hexadecimal digits.</param>
/// <param name="Group">Its key group.</param>
/// <param name="Node">Where the group lives; null = not known.</param>
/// <param name="Problem">Why nothing is known; null = it is.</param>
/// <param name="LeftWatermarkMs">The group's left watermark, ms since the epoch.</param>
/// <param name="RightWatermarkMs">The group's right watermark, ms since the epoch.</param>
/// <param name="Left">The lefts.</param>
/// <param name="Right">The rights.</param>
sealed record KeyStateReport(
    string Join,
    string? Key,
    string KeyHex,
    int Group,
    string? Node,
    string? Problem,
    long? LeftWatermarkMs,
    long? RightWatermarkMs,
    KeySideState Left,
    KeySideState Right)
{
    /// <summary>Its last rows; null where none were asked for.</summary>
    public KeyRowsReport? Rows { get; init; }
}

/// <summary>The records of a key on one side.</summary>
/// <param name="Topic">The side's topic.</param>
/// <param name="Count">How many there are.</param>
/// <param name="IsExact">Whether they were all counted; else there are more.</param>
/// <param name="Entries">The first of them, in order of time.</param>
sealed record KeySideState(string Topic, int Count, bool IsExact, IReadOnlyList<KeyEntryReport> Entries);

/// <summary>A buffered record.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="TimeMs">Its event time, ms since the epoch.</param>
/// <param name="State">What it still does.</param>
/// <param name="IsMatched">Whether it has a partner.</param>
/// <param name="IsLate">Whether it was late when it came.</param>
/// <param name="Id">Its id; null = it has none.</param>
/// <param name="Closes">The watermarks at which its window closes.</param>
/// <param name="Forgets">The watermarks at which it is forgotten.</param>
/// <param name="ValueLength">The length of the value in bytes; null = the value is null.</param>
/// <param name="Value">The beginning of the value; null where it is null or was not asked for.</param>
sealed record KeyEntryReport(
    int Partition,
    long Offset,
    long TimeMs,
    KeyEntryState State,
    bool IsMatched,
    bool IsLate,
    string? Id,
    NeedReport Closes,
    NeedReport Forgets,
    int? ValueLength,
    string? Value);

/// <summary>The watermarks at which something is so; null for a side that it does not depend on.</summary>
/// <param name="LeftMs">The left watermark, ms since the epoch.</param>
/// <param name="RightMs">The right watermark, ms since the epoch.</param>
sealed record NeedReport(long? LeftMs, long? RightMs);
