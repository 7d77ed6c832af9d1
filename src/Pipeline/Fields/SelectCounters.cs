namespace AkkaJoin.Pipeline.Fields;

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
