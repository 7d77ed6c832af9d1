namespace AkkaJoin.Cockpit.Reports;

/// <summary>What a join did, in steps of ten seconds, over all nodes that answered.</summary>
/// <param name="Join">Its name.</param>
/// <param name="Points">By time; the last one is not over yet.</param>
/// <param name="TakeRate">By minute of event time, for an attribution; else empty.</param>
/// <param name="Missing">The nodes whose part is missing.</param>
sealed record SeriesReport(
    string Join, IReadOnlyList<SeriesPoint> Points, IReadOnlyList<TakePoint> TakeRate, IReadOnlyList<MissingNode> Missing);

/// <summary>Ten seconds of a join.</summary>
/// <param name="AtMs">When they began, ms since the epoch by the wall clock.</param>
sealed record SeriesPoint(long AtMs)
{
    /// <summary>Lefts that were read.</summary>
    public long ReadLeft { get; init; }

    /// <summary>Rights that were read.</summary>
    public long ReadRight { get; init; }

    /// <summary>Rows that came out.</summary>
    public long Rows { get; init; }

    /// <summary>What became of lefts.</summary>
    public SidePoint Left { get; init; } = SidePoint.None;

    /// <summary>What became of rights.</summary>
    public SidePoint Right { get; init; } = SidePoint.None;

    /// <summary>Buffered records at the end.</summary>
    public long Buffered { get; init; }

    /// <summary>Bytes of the state at the end.</summary>
    public long StateBytes { get; init; }

    /// <summary>Records that were not read yet at the end, as far as the consumers know.</summary>
    public long Lag { get; init; }

    /// <summary>
    /// The wall clock less the lowest watermark at the end, ms; null = a partition has given no time.
    /// </summary>
    public long? WatermarkLagMs { get; init; }

    /// <summary>The sums of two points of one time; the watermark that lags more.</summary>
    public static SeriesPoint operator +(SeriesPoint a, SeriesPoint b) => new(a.AtMs)
    {
        ReadLeft = a.ReadLeft + b.ReadLeft,
        ReadRight = a.ReadRight + b.ReadRight,
        Rows = a.Rows + b.Rows,
        Left = a.Left + b.Left,
        Right = a.Right + b.Right,
        Buffered = a.Buffered + b.Buffered,
        StateBytes = a.StateBytes + b.StateBytes,
        Lag = a.Lag + b.Lag,
        WatermarkLagMs = a.WatermarkLagMs is null || b.WatermarkLagMs > a.WatermarkLagMs ? b.WatermarkLagMs : a.WatermarkLagMs,
    };
}

/// <summary>What became of the records of one side in ten seconds.</summary>
/// <param name="Received">Those that were applied.</param>
/// <param name="Matched">Those that found their first partner.</param>
/// <param name="Unmatched">Those whose unmatched row came out.</param>
/// <param name="Expired">Those whose window closed without a partner and without a row.</param>
/// <param name="Late">Late ones without a partner.</param>
/// <param name="Duplicates">Duplicates.</param>
sealed record SidePoint(long Received, long Matched, long Unmatched, long Expired, long Late, long Duplicates)
{
    internal static SidePoint None { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>Those of which it is known whether they have a partner.</summary>
    internal long Decided => Matched + Unmatched + Expired;

    public static SidePoint operator +(SidePoint a, SidePoint b) => new(
        a.Received + b.Received,
        a.Matched + b.Matched,
        a.Unmatched + b.Unmatched,
        a.Expired + b.Expired,
        a.Late + b.Late,
        a.Duplicates + b.Duplicates);
}

/// <summary>
/// A minute of event time of an attribution. A left is shown in the minute of the lowest watermark when it was applied,
/// and taken in that of the lowest watermark when a right took it: so both are counted without a look at each record.
/// </summary>
/// <param name="MinuteMs">When it began, ms since the epoch.</param>
/// <param name="Shown">Lefts, duplicates not counted.</param>
/// <param name="Taken">Lefts that a right took.</param>
sealed record TakePoint(long MinuteMs, long Shown, long Taken)
{
    /// <summary>Taken per shown; null where nothing was shown.</summary>
    public double? Rate => Shown == 0 ? null : (double)Taken / Shown;
}

/// <summary>A node whose part of a report is missing.</summary>
/// <param name="Node">Its address.</param>
/// <param name="Reason">Why.</param>
sealed record MissingNode(string Node, string Reason);
