namespace AkkaJoin.Cockpit.Reports;

/// <summary>Entries of a node's log, the oldest first.</summary>
/// <param name="Entries">The entries.</param>
sealed record LogReport(IReadOnlyList<LogReportEntry> Entries);

/// <summary>One of them.</summary>
/// <param name="Time">When, ISO 8601 with its zone.</param>
/// <param name="Level">debug, info, warn or error.</param>
/// <param name="Category">What part of the node says so.</param>
/// <param name="Message">One line.</param>
/// <param name="Trace">The trace of a defect; null = none.</param>
sealed record LogReportEntry(DateTimeOffset Time, string Level, string Category, string Message, string? Trace);

/// <summary>Which entries of a node's log are written.</summary>
/// <param name="Level">The least level of whatever has none of its own.</param>
/// <param name="Categories">The least level of the others, by category.</param>
sealed record LogLevelReport(string Level, IReadOnlyDictionary<string, string> Categories);
