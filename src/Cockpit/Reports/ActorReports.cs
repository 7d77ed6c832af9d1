namespace AkkaJoin.Cockpit.Reports;

/// <summary>The actors of a node below one of them.</summary>
/// <param name="Actors">Each actor before those below it.</param>
/// <param name="IsCut">Whether there are more than are shown.</param>
sealed record ActorTreeReport(IReadOnlyList<ActorReport> Actors, bool IsCut);

/// <summary>An actor.</summary>
/// <param name="Path">Its path, without the node's address.</param>
/// <param name="Depth">How far it lies below the first one.</param>
/// <param name="Type">Its type.</param>
/// <param name="Messages">How many messages wait for it.</param>
sealed record ActorReport(string Path, int Depth, string Type, int Messages);
