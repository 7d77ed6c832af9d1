using AkkaJoin.Cockpit.Text;
using AkkaJoin.Host.Running;
using AkkaJoin.Host.Validation;

namespace AkkaJoin.Host.Chaos;

/// <summary>How a run ended.</summary>
/// <param name="Run">Which run.</param>
/// <param name="Validation">What the validator says.</param>
/// <param name="Ledger">The fates of all records.</param>
/// <param name="Faults">What was done.</param>
sealed record ChaosResult(RunIdentity Run, ValidationResult Validation, RunLedger Ledger, IReadOnlyList<InjectedFault> Faults)
{
    /// <summary>Records fed in this part.</summary>
    internal required long Fed { get; init; }

    /// <summary>Copies of rows that are there already.</summary>
    internal required long Doubled { get; init; }

    /// <summary>
    /// Those of them that a frozen node sent when it woke; known only where the rows name their writer.
    /// </summary>
    internal required long DoubledByWoken { get; init; }

    /// <summary>Whether no row may be there twice, but for those.</summary>
    internal required bool ClaimsTail { get; init; }

    /// <summary>How often the cluster downed a node.</summary>
    internal required int Downed { get; init; }

    /// <summary>Whether records may be late, since feeders fell silent while time went on.</summary>
    internal bool MayBeLate { get; init; }

    /// <summary>Seconds from the start of the nodes to the validation.</summary>
    internal required double Seconds { get; init; }

    /// <summary>
    /// Whether the claim holds: nothing missing, nothing extra, every fate accounted for; and nothing late and no dead
    /// letter, since none was fed.
    /// </summary>
    internal bool IsGood => Problems.Count == 0;

    /// <summary>What is not as claimed, in sentences.</summary>
    internal IReadOnlyList<string> Problems
    {
        get
        {
            var problems = new List<string>();
            if (Validation.Missing > 0)
                problems.Add(CountText.Of(Validation.Missing, "row is", "rows are") + " missing");
            if (Validation.Extra > 0)
                problems.Add(CountText.Of(Validation.Extra, "row is", "rows are") + " true of no records");
            if (ClaimsTail && Doubled > DoubledByWoken)
                problems.Add(
                    CountText.Of(Doubled - DoubledByWoken, "row is", "rows are") + " there twice, though output.deduplicate = tail");
            if (Validation.LateRecords > 0 && !MayBeLate)
                problems.Add(CountText.Of(Validation.LateRecords, "record was", "records were") + " late, though none was fed late");
            if (Validation.DeadLetters > 0)
                problems.Add(
                    CountText.Of(Validation.DeadLetters, "record") + " went to the dead-letter topic, though all of them can be decoded");
            if (!Ledger.Balances)
                problems.Add("the ledger does not balance, or records wait after the end");
            return problems;
        }
    }
}
