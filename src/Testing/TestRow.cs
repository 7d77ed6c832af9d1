using AkkaJoin.Shards;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Testing;

/// <summary>
/// A row as a join gives it to a row writer: two partners, a record that found none, or an attribution. Its sides are
/// records that a decoder accepted.
/// <code>
/// var row = TestRow.Matched(impressions.Decode(TestRecord.Of("m1,1000,i7")), plays.Decode(TestRecord.Of("m1,2000,p3")));
/// </code>
/// </summary>
public sealed class TestRow
{
    readonly RecordAddress? _left, _right;
    readonly RecordAddress[] _lefts;
    readonly long _leftCount;
    readonly bool _isAttribution;

    TestRow(DecodingResult? left, DecodingResult? right, IReadOnlyList<DecodingResult>? lefts = null, long leftCount = 0)
    {
        _left = left is null ? null : Address(Side.Left, left);
        _right = right is null ? null : Address(Side.Right, right);
        _lefts = [.. (lefts ?? []).Select(record => Address(Side.Left, record))];
        _leftCount = leftCount;
        _isAttribution = lefts is not null;
    }

    /// <summary>Two partners.</summary>
    /// <exception cref="ArgumentException">One of them is not joined, or their keys differ.</exception>
    public static TestRow Matched(DecodingResult left, DecodingResult right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        CheckKeys(left, right);
        return new TestRow(left, right);
    }

    /// <summary>A left record whose window closed without a partner (<c>type = left</c> or <c>full</c>).</summary>
    /// <exception cref="ArgumentException">It is not joined.</exception>
    public static TestRow UnmatchedLeft(DecodingResult left)
    {
        ArgumentNullException.ThrowIfNull(left);
        return new TestRow(left, null);
    }

    /// <summary>A right record whose window closed without a partner (<c>type = right</c> or <c>full</c>).</summary>
    /// <exception cref="ArgumentException">It is not joined.</exception>
    public static TestRow UnmatchedRight(DecodingResult right)
    {
        ArgumentNullException.ThrowIfNull(right);
        return new TestRow(null, right);
    }

    /// <summary>
    /// A right record with the lefts that it took (<c>type = attribution</c>); with none it is an unmatched one.
    /// </summary>
    /// <param name="right">The right record.</param>
    /// <param name="lefts">The lefts that the row shows, in the order of their times.</param>
    /// <param name="leftCount">How many it took, those above <c>max-lefts</c> included; null = as many as it
    /// shows.</param>
    /// <exception cref="ArgumentException">One of them is not joined, keys differ, or the count is below the lefts
    /// shown.</exception>
    public static TestRow Attribution(DecodingResult right, IReadOnlyList<DecodingResult> lefts, long? leftCount = null)
    {
        ArgumentNullException.ThrowIfNull(right);
        ArgumentNullException.ThrowIfNull(lefts);
        foreach (var left in lefts)
            CheckKeys(left, right);
        if (leftCount < lefts.Count)
            throw new ArgumentException($"a row that shows {lefts.Count} lefts did not take {leftCount}", nameof(leftCount));
        return new TestRow(null, right, lefts, leftCount ?? lefts.Count);
    }

    /// <summary>A left record that no right took (<c>type = attribution</c>).</summary>
    /// <exception cref="ArgumentException">It is not joined.</exception>
    public static TestRow Untaken(DecodingResult left)
    {
        ArgumentNullException.ThrowIfNull(left);
        return new TestRow(null, null, [left], 1);
    }

    internal JoinRow Row() => (_isAttribution, _left, _right) switch
    {
        (true, _, { } right) => JoinRow.Attribution(right.View(), _lefts, _leftCount),
        (true, _, null) => JoinRow.Untaken(_lefts),
        (false, { } left, { } right) => JoinRow.Pair(left.View(), right.View()),
        (false, { } left, null) => JoinRow.OnlyLeft(left.View()),
        _ => JoinRow.OnlyRight(_right!.Value.View()),
    };

    static void CheckKeys(DecodingResult left, DecodingResult right)
    {
        if (left.KeyIsNull || right.KeyIsNull || !left.Key.Span.SequenceEqual(right.Key.Span))
            throw new ArgumentException($"the keys differ, or are null: \"{left.KeyText}\" and \"{right.KeyText}\"", nameof(right));
    }

    // In a batch of its own, as it would come to a key group.
    static RecordAddress Address(Side side, DecodingResult result)
    {
        if (!result.IsJoined)
            throw new ArgumentException(
                $"a record that is not joined is in no row ({(result.IsFiltered ? "filtered" : result.Reason)})", nameof(result));
        var record = result.Record;
        var writer = new RecordBatchWriter();
        writer.Begin(record.Offset);
        writer.Add(new NewRecord
        {
            Offset = record.Offset,
            Time = result.Time,
            Timestamp = record.TimestampMs,
            KeyHash = result.KeyIsNull ? 0 : KeyHash.Of(result.Key.Span),
            Key = result.Key.Span,
            KeyIsNull = result.KeyIsNull,
            Id = result.Id.Span,
            HasId = result.HasId,
            Value = record.Value.GetValueOrDefault().Span,
            ValueIsNull = record.Value is null,
            RecordKey = record.Key.GetValueOrDefault().Span,
            RecordKeyIsNull = record.Key is null,
            Headers = record.EncodedHeaders(),
            Fields = result.EncodedFields,
        });
        var batch = writer.End(side, 0, record.Partition, record.Partition + 1, record.Offset + 1, result.Time, 0).ToArray();
        return new RecordAddress(batch, BatchHeader.Size, 0);
    }
}
