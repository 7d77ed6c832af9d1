using AkkaJoin.Pipeline.Decoding;

namespace AkkaJoin.Pipeline.Fields;

/// <summary>
/// Counts how often the fields of <c>output.select</c> are missing in the records that rows are made of. Each row
/// writer has counters of its own, as it is used by one thread at a time; those of a writer that is gone are added to a
/// sum. Rows that are made again after a restart of a key group count again.
/// </summary>
sealed class SelectTally
{
    readonly Lock _gate = new();
    readonly List<(WeakReference Writer, SelectCounters Counters)> _writers = [];
    readonly SortedDictionary<string, (long Records, long Missing)> _gone = new(StringComparer.Ordinal);

    /// <summary>Counts for a writer.</summary>
    /// <param name="writer">The writer; it is not kept alive.</param>
    /// <param name="counters">Its counters.</param>
    internal void Add(object writer, SelectCounters counters)
    {
        lock (_gate)
        {
            foreach (var (_, gone) in _writers.Where(w => !w.Writer.IsAlive))
                AddTo(_gone, gone);
            _writers.RemoveAll(w => !w.Writer.IsAlive);
            _writers.Add((new WeakReference(writer), counters));
        }
    }

    /// <summary>The fields that rows name.</summary>
    internal IReadOnlyList<FieldCount> Counts()
    {
        lock (_gate)
        {
            var sums = new SortedDictionary<string, (long Records, long Missing)>(_gone, StringComparer.Ordinal);
            foreach (var (_, counters) in _writers)
                AddTo(sums, counters);
            return [.. sums.Select(sum => new FieldCount(sum.Key, sum.Value.Records, sum.Value.Missing))];
        }
    }

    static void AddTo(SortedDictionary<string, (long Records, long Missing)> sums, SelectCounters counters)
    {
        foreach (var count in counters.Counts())
        {
            var (records, missing) = sums.GetValueOrDefault(count.Field);
            sums[count.Field] = (records + count.Records, missing + count.Missing);
        }
    }
}

/// <summary>The counters of one row writer. It alone adds; others may read them at any moment.</summary>
/// <param name="fields">The fields; null where an entry of <c>output.select</c> names none.</param>
sealed class SelectCounters(IReadOnlyList<string?> fields)
{
    readonly long[] _records = new long[fields.Count];
    readonly long[] _missing = new long[fields.Count];

    /// <summary>Counts a field of a record.</summary>
    internal void Count(int index, bool isMissing)
    {
        _records[index]++;
        if (isMissing)
            _missing[index]++;
    }

    internal IEnumerable<FieldCount> Counts() => fields.Select((field, i) => (Field: field, i)).Where(f => f.Field is not null)
        .Select(f => new FieldCount(f.Field!, Volatile.Read(ref _records[f.i]), Volatile.Read(ref _missing[f.i])));
}
