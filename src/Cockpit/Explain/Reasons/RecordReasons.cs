using System.Globalization;
using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Explain.Reasons;

/// <summary>Reasons that lie in one record alone: it is not there, or cannot join whatever else there is.</summary>
static class RecordReasons
{
    /// <summary>Why a record that was looked for is not to be had; null = it is there.</summary>
    internal static Answer? OfPresence(FoundRecord found)
    {
        var name = $"{Names.Of(found.Side)} {found.Reference.Text}";
        return found.Presence switch
        {
            Presence.NoSuchPosition => NoSuchPosition(found, name),
            Presence.Gone when found.IsCompacted => Answer.Inferred(
                ExplainReason.Gone,
                $"{Names.Sentence(name)} is gone: {found.Topic} is compacted, and no record has that offset any more."),
            Presence.Gone => Answer.Known(
                ExplainReason.Gone,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Names.Sentence(name)} is gone: retention has deleted what lies below offset {found.Log!.Value.Start} of "
                        + $"{found.Topic}/{found.Reference.Partition}.")),
            Presence.Aborted => Answer.Known(
                ExplainReason.Aborted,
                $"{Names.Sentence(name)} was written in a transaction that was aborted; the join reads committed records alone."),
            Presence.OpenTransaction => Answer.Known(
                ExplainReason.OpenTransaction,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Names.Sentence(name)} lies in an open transaction, or behind one: of {found.Topic}/{found.Reference.Partition} "
                        + $"the join can read up to offset {found.Log!.Value.StableEnd}.")),
            Presence.NotFound => NotFound(found),
            _ => null,
        };
    }

    /// <summary>Why a record cannot join; null = it can.</summary>
    internal static Answer? OfRecord(InputRecord record, SourceSettings source, RecordFindings? fate)
    {
        var name = Names.Sentence(Names.Of(record));
        if (record.Fate == InputFate.DeadLetter)
        {
            return fate?.Dead is { } dead
                ? Answer.Known(
                    ExplainReason.DeadLetter,
                    $"{name} is a dead letter, {dead.Reason}: {dead.Detail}. Its copy is {Names.Position(dead.Row)}.",
                    new Evidence(Names.Position(dead.Row), $"{dead.Reason}: {dead.Detail}"))
                : Answer.Inferred(ExplainReason.DeadLetter, $"{name} cannot be decoded, {record.Reason}: {record.Detail}.");
        }

        if (record.Fate == InputFate.Filtered)
        {
            return Answer.Inferred(
                ExplainReason.Filtered,
                $"{Names.Of(record.Side)}.filter leaves {Names.Of(record)} out: {record.Detail}.",
                Filter(record, source));
        }

        return null;
    }

    /// <summary>Why a record of a null key meets nothing; null = its key is not null.</summary>
    internal static Answer? OfNullKey(InputRecord record) => record.Key is not null
        ? null
        : Answer.Inferred(
            ExplainReason.NullKey, $"The key of {Names.WithTime(record)} is null: {record.Detail}. A null key joins nothing.");

    static Evidence[] Filter(InputRecord record, SourceSettings source) =>
        source.Filter is { } filter ? [new Evidence($"{Names.Of(record.Side)}.filter", filter.Text)] : [];

    static Answer NoSuchPosition(FoundRecord found, string name)
    {
        var (partition, offset) = (found.Reference.Partition, found.Reference.Offset);
        if (found.Log is not { } log)
        {
            var has = found.Partitions == 1 ? "partition 0 alone" : $"the partitions 0 to {found.Partitions - 1}";
            return Answer.Known(ExplainReason.NoSuchPosition, $"There is no {name}: {found.Topic} has {has}.");
        }

        var text = offset >= log.End
            ? $"There is no {name} yet: the next record of {found.Topic}/{partition} gets offset {log.End}."
            : $"There is no record at {name}: {found.Topic}/{partition} has a marker of a transaction there, or nothing.";
        return Answer.Known(ExplainReason.NoSuchPosition, text);
    }

    static Answer NotFound(FoundRecord found)
    {
        var what = found.Reference.Kind == RecordReferenceKind.Id ? "id" : "key";
        var search = found.Search!;
        var text = $"No {Names.Of(found.Side)} record with the {what} {found.Reference.Text} was found";
        return search.IsWhole
            ? Answer.Inferred(ExplainReason.NoSuchPosition, $"{text}: {search.Describe()}.")
            : Answer.Inferred(ExplainReason.Unknown, $"{text}; it may lie where the search did not look: {search.Describe()}.");
    }
}
