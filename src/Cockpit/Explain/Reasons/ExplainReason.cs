namespace AkkaJoin.Cockpit.Explain.Reasons;

/// <summary>
/// Why two records joined or did not, or what happened to one. The list is closed: docs/explain.md has each. In JSON
/// they are words with hyphens, such as <c>outside-window</c>.
/// </summary>
enum ExplainReason
{
    /// <summary>What would tell it is gone, or was not found. The text says what is missing.</summary>
    Unknown,

    /// <summary>There is a row of them, or it is on its way to Kafka.</summary>
    Joined,

    /// <summary>The join has read the record, and its key group has not applied it.</summary>
    InFlight,

    /// <summary>The join has not read the record, or began behind it.</summary>
    NotRead,

    /// <summary>The topic has no record there.</summary>
    NoSuchPosition,

    /// <summary>The record was deleted from its topic.</summary>
    Gone,

    /// <summary>The record's transaction was aborted.</summary>
    Aborted,

    /// <summary>The record lies in an open transaction, or behind one.</summary>
    OpenTransaction,

    /// <summary>The record cannot be decoded.</summary>
    DeadLetter,

    /// <summary>The side's filter leaves the record out.</summary>
    Filtered,

    /// <summary>The record's key, or a part of it, is null.</summary>
    NullKey,

    /// <summary>The keys are different bytes.</summary>
    KeysDiffer,

    /// <summary>The event times are too far apart.</summary>
    OutsideWindow,

    /// <summary>A term of <c>where</c> does not hold.</summary>
    WhereFalse,

    /// <summary>Another record of the same side, key and id came first.</summary>
    Duplicate,

    /// <summary>Another record of the same side, key and id came first, with another time.</summary>
    IdConflict,

    /// <summary>The record's time lay below its side's watermark.</summary>
    Late,

    /// <summary>The partner's window was closed before the record came.</summary>
    Closed,

    /// <summary>The record's unmatched row is out, and a later row took its place, since a record came late.</summary>
    Superseded,

    /// <summary>Attribution: another right took the left.</summary>
    CreditedElsewhere,

    /// <summary>Attribution: the right took the left, and its row shows only the first lefts.</summary>
    BeyondMaxLefts,

    /// <summary>Attribution: a late right that found no left has no row.</summary>
    LateRight,

    /// <summary>The type of join gives no row for a record of this side without a partner.</summary>
    NoRowByType,

    /// <summary>The row was written under an earlier definition of the join.</summary>
    EarlierDefinition,

    /// <summary>The record waits for a partner, or its row is not due yet.</summary>
    Waiting,
}
