namespace AkkaJoin.Cockpit.Live;

/// <summary>A node does what is asked.</summary>
/// <param name="Number">The number of the newest order that it knows; -1 = the join does not run on it now.</param>
sealed record FlowHeard(long Number);

/// <summary>Whether a node has nothing on its way any more.</summary>
sealed record FlowLetOut(bool IsLetOut);
