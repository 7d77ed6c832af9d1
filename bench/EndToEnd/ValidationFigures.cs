namespace AkkaJoin.Bench.EndToEnd;

/// <summary>What the validation found: the rows of a run against the same join as SQL.</summary>
sealed record ValidationFigures(bool Exact, long Expected, long Found, long Missing, long Extra)
{
    /// <summary>The validation for a report; null = there was none.</summary>
    internal static string Text(ValidationFigures? validation) => validation is null
        ? "not asked, this akkajoin has no verb validate."
        : FormattableString.Invariant(
            $"{(validation.Exact ? "exact" : "NOT EXACT")}, {validation.Expected:N0} rows expected, {validation.Found:N0} found, {validation.Missing:N0} missing, {validation.Extra:N0} extra.");
}
