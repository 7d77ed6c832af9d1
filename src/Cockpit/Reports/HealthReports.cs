namespace AkkaJoin.Cockpit.Reports;

/// <summary>How a node is.</summary>
/// <param name="IsWell">Whether all checks are good.</param>
/// <param name="Checks">The checks.</param>
sealed record NodeHealthReport(bool IsWell, IReadOnlyList<HealthCheckReport> Checks);

/// <summary>One check.</summary>
/// <param name="Name">What is checked.</param>
/// <param name="IsWell">Whether it is good.</param>
/// <param name="Text">What was found.</param>
sealed record HealthCheckReport(string Name, bool IsWell, string Text);
