namespace AkkaJoin.Cockpit.Reports;

/// <summary>The members of the cluster as one of its nodes sees them.</summary>
/// <param name="Members">The members, in the order of their addresses.</param>
sealed record MembersReport(IReadOnlyList<MemberReport> Members);

/// <summary>What was done to members.</summary>
/// <param name="Act">leave or down.</param>
/// <param name="Addresses">The addresses of the members; empty = there was nothing to do.</param>
sealed record MemberActReport(string Act, IReadOnlyList<string> Addresses);

/// <summary>A change of the membership.</summary>
/// <param name="At">When it was seen, by the clock of who asks.</param>
/// <param name="Address">Whose it is.</param>
/// <param name="Change">
/// What the member is now: joining, up, leaving, exiting, down or removed; or unreachable, or reachable again.
/// </param>
sealed record MemberChange(DateTimeOffset At, string Address, string Change);
