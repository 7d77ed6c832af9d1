namespace AkkaJoin.Cockpit.Reports;

/// <summary>Which share of the records of a side find a partner, of those of which it is known.</summary>
/// <param name="Now">In the last ten minutes, 0 to 1; null = nothing is known of any.</param>
/// <param name="HourBefore">In the hour before them.</param>
/// <param name="DecidedNow">Of how many records <paramref name="Now"/> speaks.</param>
/// <param name="DecidedBefore">Of how many records <paramref name="HourBefore"/> speaks.</param>
sealed record MatchRateReport(double? Now, double? HourBefore, long DecidedNow, long DecidedBefore);
