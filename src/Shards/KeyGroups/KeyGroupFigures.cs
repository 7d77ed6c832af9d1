using System.Diagnostics;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Metering;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// What one incarnation of a key group shows of itself: metrics, and the bytes that count against the node's memory
/// limit.
/// </summary>
sealed class KeyGroupFigures(KeyGroup group, KeyGroupShell shell, LocalKeyGroups local)
{
    readonly KeyGroupGauge _gauge = local.Gauges.Groups[group.Number];
    readonly long _startedAt = Stopwatch.GetTimestamp();
    long _persistingSince;
    long? _handingOverSince;

    // The rows and late copies that the metrics have counted.
    long _rows;
    long _lateCopies;

    KeyValuePair<string, object?> Number => new("key_group", group.Number);

    /// <summary>The recovery is over.</summary>
    internal void Recovered()
    {
        (_rows, _lateCopies) = (group.Rows, group.LateCopies);
        _gauge.Left.Begin(LedgerOf(Side.Left));
        _gauge.Right.Begin(LedgerOf(Side.Right));
        group.CountPairs(_gauge.Distances);
        ShowState();
        ShardsTraces.Ended(ShardsTraces.Recovery, _startedAt, local.Gauges.Tag, Number, new("events", group.Sequence));
        ShardsMetrics.RecoveryDuration.Record(Stopwatch.GetElapsedTime(_startedAt).TotalSeconds, local.Gauges.Tag);
    }

    /// <summary>An event goes to the journal.</summary>
    internal void PersistStarted() => _persistingSince = Stopwatch.GetTimestamp();

    /// <summary>An event was applied.</summary>
    internal void Applied(int bytes)
    {
        var tag = local.Gauges.Tag;
        ShardsMetrics.JournalEvents.Add(1, tag);
        ShardsMetrics.JournalBytes.Add(bytes, tag);
        ShardsMetrics.PersistDuration.Record(Stopwatch.GetElapsedTime(_persistingSince).TotalSeconds, tag);
        ShardsMetrics.Rows.Add(group.Rows - _rows, tag);
        ShardsMetrics.LateRecords.Add(group.LateCopies - _lateCopies, tag);
        (_rows, _lateCopies) = (group.Rows, group.LateCopies);
        _gauge.Left.Count(LedgerOf(Side.Left));
        _gauge.Right.Count(LedgerOf(Side.Right));
        ShowState();
    }

    /// <summary>An event was not written.</summary>
    internal void PersistFailed() => ShardsMetrics.PersistFailures.Add(1, local.Gauges.Tag);

    /// <summary>Another node is to have the key group.</summary>
    internal void HandOverStarted() => _handingOverSince = Stopwatch.GetTimestamp();

    /// <summary>The incarnation stops.</summary>
    internal void Stopping(StopReason reason)
    {
        if (_handingOverSince is { } since)
            ShardsTraces.Ended(
                ShardsTraces.HandOver, since, local.Gauges.Tag, Number, new("timed_out", reason == StopReason.TimedOut));
    }

    /// <summary>Shows what changes with any message.</summary>
    internal void ShowWaiting()
    {
        Volatile.Write(ref local.Bytes[group.Number], group.BytesBesideSlabs);
        Volatile.Write(ref local.SlabBytes[group.Number], group.State?.SlabBytes ?? 0);
        _gauge.UnconfirmedBytes = group.UnconfirmedBytes;
        _gauge.BacksOff = shell.BacksOff;
    }

    /// <summary>The incarnation is over: it shows nothing any more.</summary>
    internal void Clear()
    {
        Volatile.Write(ref local.Bytes[group.Number], 0);
        Volatile.Write(ref local.SlabBytes[group.Number], 0);
        _gauge.Runs = _gauge.BacksOff = false;
        ShardsMetrics.RemoveIfIdle(local.Gauges);
    }

    SideLedger LedgerOf(Side side) => group.State?.Ledger(side) ?? default;

    // What changes with an event.
    void ShowState()
    {
        var watermarks = group.Clocks.Watermarks();
        _gauge.LeftWatermark = watermarks.Left;
        _gauge.RightWatermark = watermarks.Right;
        _gauge.Records = group.State?.Count ?? 0;
        _gauge.Bytes = group.State?.Bytes ?? 0;
        _gauge.Rows = group.Rows;
        _gauge.UnconfirmedBytes = group.UnconfirmedBytes;
        _gauge.BacksOff = shell.BacksOff;
        _gauge.Runs = true;
        ShardsMetrics.Add(local.Gauges);
    }
}
