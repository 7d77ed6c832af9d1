using System.Globalization;

namespace AkkaJoin.Bench.EndToEnd;

/// <summary>What the judge found: the rows of a run against the same join as SQL.</summary>
sealed record JudgeFigures(bool Exact, long Expected, long Found, long Missing, long Extra)
{
    /// <summary>The verdict for a report; null = there was no judge.</summary>
    internal static string Text(JudgeFigures? judge) => judge is null
        ? "not asked, this akkajoin has no verb validate."
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{(judge.Exact ? "exact" : "NOT EXACT")}, {judge.Expected:N0} rows expected, {judge.Found:N0} found, {judge.Missing:N0} missing, {judge.Extra:N0} extra.");
}
