using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>What is said of one side alone.</summary>
static class SideAnalysis
{
    const int ExamplesMax = 3;

    internal static SideReport Of(JoinSettings join, SampledSide side)
    {
        var records = side.Records;
        return new SideReport(
            side.Source.Topic,
            records.Count,
            Count(side, SampleFate.Routed),
            Count(side, SampleFate.Filtered),
            side.Counts.NullKeys,
            side.Counts.WithoutId,
            side.Counts.DeadLetters,
            Times(records),
            side.End,
            [.. side.Partitions.OrderBy(p => p.Partition).Select(p => Partition(join, side, p))],
            [.. side.Counts.Where.Where(f => f.Missing > 0).Select(f => new MissingField(f.Field, (double)f.Missing / f.Records))],
            [.. Examples(records)]);
    }

    internal static int Count(SampledSide side, SampleFate fate) => side.Records.Count(record => record.Fate == fate);

    static TimeRange? Times(IReadOnlyList<SampleRecord> records)
    {
        var times = records.Select(record => record.Time).OfType<long>().Order().ToList();
        var cut = times.Count / 200;
        return times.Count == 0 ? null : new TimeRange(times[cut], times[times.Count / 2], times[^(cut + 1)]);
    }

    static PartitionReport Partition(JoinSettings join, SampledSide side, SampledPartition partition)
    {
        var records = side.Records.Where(record => record.Partition == partition.Partition).ToList();
        var times = records.Select(record => record.Time).OfType<long>().ToList();
        return new PartitionReport(
            partition.Partition,
            partition.Start,
            partition.End,
            partition.From,
            records.Count,
            times.Count == 0 ? null : times.Max(),
            times.Count == 0 ? null : Disorder(times, join.MaxOutOfOrdernessMs));
    }

    static DisorderReport Disorder(List<long> times, long maxOutOfOrdernessMs)
    {
        var behind = new List<long>(times.Count);
        var highest = long.MinValue;
        foreach (var time in times)
        {
            behind.Add(highest > time ? highest - time : 0);
            highest = Math.Max(highest, time);
        }

        behind.Sort();
        return new DisorderReport(behind[^1], behind[^((behind.Count / 100) + 1)], behind.Count(ms => ms > maxOutOfOrdernessMs));
    }

    // Of each fate one, if there is one; the newest.
    static IEnumerable<RecordExample> Examples(IReadOnlyList<SampleRecord> records) => records.Reverse()
        .GroupBy(record => record.Fate).SelectMany(fate => fate.Take(ExamplesMax).Select((record, rank) => (record, rank)))
        .OrderBy(found => found.rank).Take(ExamplesMax).OrderBy(found => found.record.Fate).Select(found => Show(found.record));

    static RecordExample Show(SampleRecord record) => new(
        record.Partition,
        record.Offset,
        record.Fate,
        record.Reason.Length == 0 ? null : record.Reason,
        record.Key is null ? null : KeyText.Show(record.Key),
        record.Time is { } time ? TimeText.Iso(time) : null,
        record.Id is null ? null : KeyText.Show(record.Id));
}
