namespace AkkaJoin.Shards.Outputs;

/// <summary>A recovered key group asks which outputs of these events are in the output topics already.</summary>
/// <param name="Group">The key group.</param>
/// <param name="From">None of them lies below.</param>
/// <param name="Events">The events, and who wrote each, as in the ids of their outputs.</param>
sealed record TailQuestion(int Group, OutputPositions From, IReadOnlyList<(long Sequence, string Incarnation)> Events);
