namespace AkkaJoin.Bench.Nodes;

/// <summary>A line that a node wrote to standard error.</summary>
/// <param name="AtMs">When it was read, ms since the epoch.</param>
/// <param name="Node">Whose it is, from 0.</param>
/// <param name="Text">The line.</param>
readonly record struct NodeLine(long AtMs, int Node, string Text);
