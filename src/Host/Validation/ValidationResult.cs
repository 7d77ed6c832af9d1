namespace AkkaJoin.Host.Validation;

/// <summary>What <see cref="Validator"/> found.</summary>
sealed record ValidationResult
{
    /// <summary>Nothing was validated, for this reason.</summary>
    internal static ValidationResult None(string reason) => new()
    {
        Validated = false,
        Expected = 0,
        Found = 0,
        Superseded = 0,
        Missing = 0,
        Extra = 0,
        Doubled = 0,
        ExplainedByLate = 0,
        ExplainedByDeadLetter = 0,
        NotYetDue = 0,
        LeftRecords = 0,
        RightRecords = 0,
        LateRecords = 0,
        DeadLetters = 0,
        Filtered = 0,
        Duplicates = 0,
        Differences = [],
        Notes = [reason],
    };

    /// <summary>Whether nothing is missing and nothing is there that should not be.</summary>
    public bool Exact => Validated && Missing == 0 && Extra == 0;

    /// <summary>Whether there was anything to validate: a join that has never run proves nothing.</summary>
    public bool Validated { get; init; } = true;

    /// <summary>The rows of the batch join over all records that were read, late ones included.</summary>
    public required long Expected { get; init; }

    /// <summary>The rows that came out, each output id counted once.</summary>
    public required long Found { get; init; }

    /// <summary>
    /// Those among them whose place a later row took, since a record came late (<c>late.policy = repair</c>): they are
    /// not compared.
    /// </summary>
    public required long Superseded { get; init; }

    /// <summary>
    /// Rows that had to come out and did not; a dead letter that is in no dead-letter topic counts too.
    /// </summary>
    public required long Missing { get; init; }

    /// <summary>Rows that came out and are true of no records.</summary>
    public required long Extra { get; init; }

    /// <summary>Rows that came out again under the same id: at-least-once delivery after a failure.</summary>
    public required long Doubled { get; init; }

    /// <summary>
    /// Differences from the batch join that involve a late record, or an id with two times or values.
    /// </summary>
    public required long ExplainedByLate { get; init; }

    /// <summary>Differences from the batch join that involve a record that was dead-lettered.</summary>
    public required long ExplainedByDeadLetter { get; init; }

    /// <summary>
    /// Rows of the batch join that are not due yet: their window is open, or a record lies above the committed offsets.
    /// </summary>
    public required long NotYetDue { get; init; }

    /// <summary>Left records that the join has read.</summary>
    public required long LeftRecords { get; init; }

    /// <summary>Right records that the join has read.</summary>
    public required long RightRecords { get; init; }

    /// <summary>Source records that the late topic names.</summary>
    public required long LateRecords { get; init; }

    /// <summary>Source records that cannot be decoded, or that the dead-letter topic names.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>Source records that a filter leaves out.</summary>
    public required long Filtered { get; init; }

    /// <summary>Records whose id came before on their side and key.</summary>
    public required long Duplicates { get; init; }

    /// <summary>The first differences; all of them are in the differences file.</summary>
    public required IReadOnlyList<Difference> Differences { get; init; }

    /// <summary>What limits the validation, in sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>A row, or dead letter, that is missing or should not be.</summary>
/// <param name="Kind">"missing", "extra" or "missing-dead-letter".</param>
/// <param name="Detail">What is wrong, in a sentence.</param>
/// <param name="Row">The row's value as text: the one that was expected, or the one that was found.</param>
/// <param name="OutputPartition">Where an extra row lies, or null.</param>
/// <param name="OutputOffset">Where an extra row lies, or null.</param>
/// <param name="Records">The source records that it joins, or that come closest to it.</param>
sealed record Difference(
    string Kind, string Detail, string? Row, int? OutputPartition, long? OutputOffset, IReadOnlyList<InvolvedRecord> Records);

/// <summary>A source record that a difference involves.</summary>
/// <param name="Side">Its side.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Time">Its event time, ms since the epoch.</param>
/// <param name="Id">Its id as text, or null.</param>
/// <param name="Value">Its value as text, or null.</param>
sealed record InvolvedRecord(Side Side, int Partition, long Offset, long Time, string? Id, string? Value);
