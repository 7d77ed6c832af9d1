using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>
/// Counts in how many records the fields that a condition reads are missing. Used by one thread at a time.
/// </summary>
/// <param name="fields">The paths of the fields, in the order of their encoding.</param>
sealed class FieldTally(IReadOnlyList<string> fields)
{
    readonly long[] _missing = new long[fields.Count];
    long _records;

    /// <summary>Whether there is nothing to count.</summary>
    internal bool IsEmpty => _missing.Length == 0;

    /// <summary>Counts the fields of a record.</summary>
    /// <param name="values">The values, in the form of <see cref="TypedFields"/>.</param>
    /// <returns>Whether one is missing.</returns>
    internal bool Count(ReadOnlySpan<byte> values)
    {
        _records++;
        var (position, lacks) = (0, false);
        for (var i = 0; i < _missing.Length; i++)
        {
            if (position < values.Length && TypedFields.ReadNext(values, ref position).Type != FieldType.Missing)
                continue;
            _missing[i]++;
            lacks = true;
        }

        return lacks;
    }

    /// <summary>Counts the fields of a record whose values are among others.</summary>
    /// <param name="values">The values, in the form of <see cref="TypedFields"/>.</param>
    /// <param name="positions">The position of each field among them.</param>
    /// <returns>Whether one is missing.</returns>
    internal bool Count(ReadOnlySpan<byte> values, ReadOnlySpan<int> positions)
    {
        _records++;
        var lacks = false;
        for (var i = 0; i < _missing.Length; i++)
        {
            if (TypedFields.Read(values, positions[i]).Type != FieldType.Missing)
                continue;
            _missing[i]++;
            lacks = true;
        }

        return lacks;
    }

    internal IReadOnlyList<FieldCount> Counts() => [.. fields.Select((field, i) => new FieldCount(field, _records, _missing[i]))];
}

/// <summary>How often a configured field was not there.</summary>
/// <param name="Field">Its path, as the configuration names it.</param>
/// <param name="Records">The records in which it was looked for.</param>
/// <param name="Missing">Those among them in which it is missing or null.</param>
sealed record FieldCount(string Field, long Records, long Missing)
{
    internal FieldCount Since(FieldCount before) => new(Field, Records - before.Records, Missing - before.Missing);
}
