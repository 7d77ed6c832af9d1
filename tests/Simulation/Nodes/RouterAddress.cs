namespace AkkaJoin.Simulation.Nodes;

/// <summary>Whom a key group answers: the router of one life of a node, or the one who closes time at the end.</summary>
sealed record RouterAddress(Node Node, int Incarnation);
