namespace AkkaJoin.Shards.Join;

/// <summary>
/// The fates of one side's records in one key group. At every moment
/// received = matched + unmatched + expired + late + duplicate + waiting.
/// </summary>
struct SideLedger : IEquatable<SideLedger>
{
    /// <summary>Records that were applied, with duplicates and late ones.</summary>
    public long Received { get; set; }

    /// <summary>Records that found a partner.</summary>
    public long Matched { get; set; }

    /// <summary>Records whose unmatched row came out.</summary>
    public long Unmatched { get; set; }

    /// <summary>Records whose window closed without a partner and without a row.</summary>
    public long Expired { get; set; }

    /// <summary>Late records that found no partner.</summary>
    public long Late { get; set; }

    /// <summary>Records dropped because their id was seen.</summary>
    public long Duplicate { get; set; }

    /// <summary>Buffered records that have no partner yet.</summary>
    public long Waiting { get; set; }

    /// <summary>Whether the sum holds.</summary>
    public readonly bool Balances => Received == Matched + Unmatched + Expired + Late + Duplicate + Waiting;

    /// <summary>The sums of two ledgers.</summary>
    public static SideLedger operator +(SideLedger a, SideLedger b) => new()
    {
        Received = a.Received + b.Received,
        Matched = a.Matched + b.Matched,
        Unmatched = a.Unmatched + b.Unmatched,
        Expired = a.Expired + b.Expired,
        Late = a.Late + b.Late,
        Duplicate = a.Duplicate + b.Duplicate,
        Waiting = a.Waiting + b.Waiting,
    };

    /// <summary>The sums of two ledgers.</summary>
    public static SideLedger Add(SideLedger a, SideLedger b) => a + b;

    /// <summary>Equal in every count.</summary>
    public static bool operator ==(SideLedger a, SideLedger b) => a.Equals(b);

    /// <summary>Different in a count.</summary>
    public static bool operator !=(SideLedger a, SideLedger b) => !a.Equals(b);

    /// <inheritdoc/>
    public readonly bool Equals(SideLedger other) => Received == other.Received && Matched == other.Matched
        && Unmatched == other.Unmatched && Expired == other.Expired && Late == other.Late && Duplicate == other.Duplicate
        && Waiting == other.Waiting;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is SideLedger other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(Received, Matched, Unmatched, Expired, Late, Duplicate, Waiting);
}
