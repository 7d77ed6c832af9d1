namespace AkkaJoin.Simulation.World;

/// <summary>One step of a run; -1 where it belongs to no node or no key group.</summary>
readonly record struct HistoryStep(long Ms, int Node, int Group, string Text, long A, long B);
