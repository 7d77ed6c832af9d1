namespace AkkaJoin.Host.Validation;

/// <summary>A row that SQL gave, before it is rendered. An address of -1 means that there is no record.</summary>
readonly record struct ExpectedRow(long Left, long Right, bool Required, bool Strict, int Why);

/// <summary>
/// Why a row that involves a record need not come out. Stands as an integer in the tables of the validation.
/// </summary>
[Flags]
enum Softness
{
    None = 0,

    /// <summary>A copy of the record is in the late topic.</summary>
    Late = 1,

    /// <summary>The record is in the dead-letter topic though it can be decoded.</summary>
    DeadLetter = 2,

    /// <summary>Its id came with two times or values; either may count.</summary>
    Conflict = 4,

    /// <summary>It lies above the committed offsets.</summary>
    Ahead = 8,

    /// <summary>Its event time is outside the scope.</summary>
    Outside = 16,

    /// <summary>The row's window has not closed.</summary>
    Open = 32,

    /// <summary>What makes a record an uncertain partner. One outside the scope is a partner all the same.</summary>
    Uncertain = Late | DeadLetter | Conflict | Ahead,
}
