using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Reads what a key group has of one key. Nothing changes, and the group is not kept long: no more than
/// <see cref="CountMax"/> entries of a side are counted, and no more than a frame holds are read.
/// <para>
/// Invariants. A record is closed, or forgotten, at the watermarks that its entry names. One whose window is closed can
/// be joined with <c>late.policy = repair</c> alone.
/// </para>
/// </summary>
static class KeyReports
{
    /// <summary>The most entries of a side that are counted: some milliseconds of look-ups.</summary>
    internal const int CountMax = 100_000;

    // Both sides together stay below a frame of 64 KiB, with the fixed part of each entry.
    const int SideBytesMax = 28_000, EntryBytes = 80;

    /// <summary>The report.</summary>
    /// <exception cref="MalformedBatchException">No node asks this of the group.</exception>
    internal static KeyReport Of(KeyGroup group, AskKey question)
    {
        question.Check(group.Number);
        var state = group.State;
        return new KeyReport(
            group.Number,
            group.Sequence,
            state?.Watermarks ?? SideWatermarks.Unknown,
            state is null ? KeySideReport.None : Of(state, state.Left, question),
            state is null ? KeySideReport.None : Of(state, state.Right, question));
    }

    static KeySideReport Of(JoinState state, JoinSide side, AskKey question)
    {
        var store = side.Store;
        var hash = SideStore.HashOf(question.Key, isNull: false);
        var found = new EntryList();
        store.Find(hash, question.Key, question.FromMs, question.ToMs, found, CountMax + 1);
        var entries = new List<KeyEntry>();
        var room = SideBytesMax;
        var sought = question.Id.Length == 0
            ? EntryTable.None
            : store.FindId(question.Key, keyIsNull: false, question.Id, hash, long.MinValue);
        if (sought != EntryTable.None)
            room -= Length(Entry(state, side, sought, question.WithValues));
        for (var i = 0; i < found.Count && entries.Count < question.Limit; i++)
        {
            var entry = Entry(state, side, found[i], question.WithValues);
            room -= Length(entry);
            if (room < 0)
                break;
            entries.Add(entry);
            if (found[i] == sought)
                sought = EntryTable.None;
        }

        if (sought != EntryTable.None)
            entries.Add(Entry(state, side, sought, question.WithValues));
        return new KeySideReport(Math.Min(found.Count, CountMax), found.Count <= CountMax, [.. entries]);
    }

    static KeyEntry Entry(JoinState state, JoinSide side, int entry, bool withValues)
    {
        var flags = side.Store[entry].Flags & ~EntryFlags.IdIndexed;
        var address = side.Store.Address(entry);
        var record = address.View();
        var closes = WatermarkNeed.ToClose(state.Definition, side.Name, record.Time);
        var forgets = WatermarkNeed.ToForget(state.Definition, side.Name, record.Time);
        Invariant.Holds(
            closes.IsMet(state.Watermarks) == record.Time < side.ClosedBefore,
            "a record is closed at the watermarks that its entry names");
        Invariant.Holds(
            forgets.IsMet(state.Horizon) == record.Time < side.ForgottenBefore,
            "a record is forgotten at the horizon that its entry names");
        return new KeyEntry(address.Header().Source, record.Partition, record.Offset, record.Time, State(state, side, entry, record), flags)
        {
            TimestampMs = record.Timestamp,
            Id = record.HasId ? Start(record.Id) : null,
            Closes = closes,
            Forgets = forgets.AsWatermarks(state.Definition),
            ValueLength = record.ValueIsNull ? -1 : record.Value.Length,
            Value = withValues && !record.ValueIsNull ? Start(record.Value) : null,
        };
    }

    static KeyEntryState State(JoinState state, JoinSide side, int entry, in RecordView record)
    {
        var flags = side.Store[entry].Flags;
        if ((flags & EntryFlags.AwaitsRight) != 0 && !side.HasEnded(entry))
            return KeyEntryState.AwaitsRight;
        if ((flags & EntryFlags.Done) == 0 && record.Time >= side.ClosedBefore)
            return (flags & EntryFlags.Matched) != 0 ? KeyEntryState.Matched : KeyEntryState.Waiting;
        if (IsRepairable(state, side, flags, record.Time))
            return KeyEntryState.Repairable;
        return side.Store.Remembers(record) && record.Time >= side.ForgottenBefore ? KeyEntryState.Remembered : KeyEntryState.Closed;
    }

    // Of a record whose window is closed: whether one that comes late can join it.
    static bool IsRepairable(JoinState state, JoinSide side, EntryFlags flags, long time)
    {
        if ((flags & EntryFlags.Indexed) == 0 || time < side.JoinableFrom)
            return false;
        Invariant.Holds(state.Repairs, "a record whose window is closed can be joined with late.policy = repair alone");
        var isLeftOfAttribution = state.Definition.Type == JoinType.Attribution && side.Name == Side.Left;
        if (!isLeftOfAttribution || (flags & EntryFlags.RowKept) != 0)
            return true;

        // As AttributionRepair: what was taken stays with a right that is forgotten, unless each right has it.
        return (flags & EntryFlags.Matched) != 0
            ? state.Definition.Credit == Credit.Every
            : (flags & EntryFlags.Done) == 0;
    }

    static byte[] Start(ReadOnlySpan<byte> bytes) => bytes[..Math.Min(bytes.Length, KeyEntry.ValueMax)].ToArray();

    static int Length(KeyEntry entry) => EntryBytes + (entry.Id?.Length ?? 0) + (entry.Value?.Length ?? 0);
}
