using Akka.Actor;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Cockpit.Live;

/// <summary>Makes the report of a key of what its key group answered.</summary>
static class KeyStates
{
    internal static KeyStateReport Of(JoinSettings join, byte[] key, int group, Address? node, KeyReport? report) => new(
        join.Name,
        KeyText.Of(key),
        Convert.ToHexStringLower(key),
        group,
        node?.ToString(),
        report is null ? Problem(group, node) : null,
        Known(report?.Watermarks.Left),
        Known(report?.Watermarks.Right),
        Of(join.Left.Topic, report?.Left ?? KeySideReport.None),
        Of(join.Right.Topic, report?.Right ?? KeySideReport.None));

    static string Problem(int group, Address? node) => node is null
        ? $"no node is known to have key group {group}"
        : $"key group {group} on {node} does not answer: it recovers, or its node is away";

    static KeySideState Of(string topic, KeySideReport side) => new(topic, side.Count, side.IsExact, [.. side.Entries.Select(Of)]);

    static KeyEntryReport Of(KeyEntry entry) => new(
        entry.Partition,
        entry.Offset,
        entry.TimeMs,
        entry.State,
        entry.IsMatched,
        entry.IsLate,
        Text(entry.Id),
        Of(entry.Closes),
        Of(entry.Forgets),
        entry.ValueLength < 0 ? null : entry.ValueLength,
        Text(entry.Value));

    // What is no text is shown as hexadecimal digits. A cut may have parted the last character: then it is no text.
    static string? Text(byte[]? bytes) => bytes is null ? null : KeyText.Of(bytes) ?? "0x" + Convert.ToHexStringLower(bytes);

    static NeedReport Of(in WatermarkNeed need) => new(Known(need.Left), Known(need.Right));

    static long? Known(long? watermark) => watermark is > SideWatermarks.None and < SideWatermarks.End ? watermark : null;
}
