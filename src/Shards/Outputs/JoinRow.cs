using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Shards.Outputs;

/// <summary>A row as an <see cref="IRowWriter"/> sees it; valid during the call only.</summary>
public readonly ref struct JoinRow
{
    readonly ReadOnlySpan<RecordAddress> _lefts;

    JoinRow(
        bool attribution, RecordView left, bool hasLeft, RecordView right, bool hasRight, ReadOnlySpan<RecordAddress> lefts, long leftCount)
    {
        IsAttribution = attribution;
        Left = left;
        HasLeft = hasLeft;
        Right = right;
        HasRight = hasRight;
        _lefts = lefts;
        LeftCount = leftCount;
    }

    /// <summary>
    /// Whether it is a row of an attribution join: then <see cref="Lefts"/> and <see cref="LeftCount"/> count, not
    /// <see cref="Left"/>.
    /// </summary>
    public bool IsAttribution { get; }

    /// <summary>The left record, where <see cref="HasLeft"/>.</summary>
    public RecordView Left { get; }

    /// <summary>Whether there is a left record.</summary>
    public bool HasLeft { get; }

    /// <summary>The right record, where <see cref="HasRight"/>.</summary>
    public RecordView Right { get; }

    /// <summary>Whether there is a right record.</summary>
    public bool HasRight { get; }

    /// <summary>How many lefts the row shows, at most <c>max-lefts</c>.</summary>
    public int Lefts => _lefts.Length;

    /// <summary>How many lefts the right took, the ones not shown included.</summary>
    public long LeftCount { get; }

    /// <summary>The join key in canonical form; empty where <see cref="KeyIsNull"/>.</summary>
    public ReadOnlySpan<byte> Key => HasRight ? Right.Key : HasLeft ? Left.Key : GetLeft(0).Key;

    /// <summary>Whether the key is null: then the row is an unmatched one.</summary>
    public bool KeyIsNull => HasRight ? Right.KeyIsNull : HasLeft ? Left.KeyIsNull : GetLeft(0).KeyIsNull;

    /// <summary>One of the lefts of an attribution row, in (time, id, partition, offset) order.</summary>
    /// <param name="index">From 0, below <see cref="Lefts"/>.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such left.</exception>
    public RecordView GetLeft(int index) => _lefts[index].View();

    internal static JoinRow Pair(RecordView left, RecordView right) => new(false, left, true, right, true, default, 0);

    internal static JoinRow OnlyLeft(RecordView left) => new(false, left, true, default, false, default, 0);

    internal static JoinRow OnlyRight(RecordView right) => new(false, default, false, right, true, default, 0);

    internal static JoinRow Attribution(RecordView right, ReadOnlySpan<RecordAddress> lefts, long leftCount) =>
        new(true, default, false, right, true, lefts, leftCount);

    internal static JoinRow Untaken(ReadOnlySpan<RecordAddress> left) => new(true, default, false, default, false, left, 1);
}
