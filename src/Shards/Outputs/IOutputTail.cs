using Akka.Actor;

namespace AkkaJoin.Shards.Outputs;

/// <summary>
/// What key groups need so that a row which is in the output topic is not written again. One per node and join; thread
/// safe.
/// </summary>
interface IOutputTail
{
    /// <summary>Where what is handed to this node's producer from now on can begin.</summary>
    OutputPositions Produced { get; }

    /// <summary>
    /// Finds out which outputs are there. Waits for a broker that is away; fails only where no waiting helps.
    /// </summary>
    Task<TailAnswer> ReadAsync(TailQuestion question);
}

/// <summary>A recovered key group asks which outputs of these events are in the output topics already.</summary>
/// <param name="Group">The key group.</param>
/// <param name="From">None of them lies below.</param>
/// <param name="Events">The events, and who wrote each, as in the ids of their outputs.</param>
sealed record TailQuestion(int Group, OutputPositions From, IReadOnlyList<(long Sequence, string Incarnation)> Events);

/// <summary>The outputs that are in the topics already: by event, their indexes.</summary>
sealed record TailAnswer(IReadOnlyDictionary<long, IReadOnlySet<int>> Written) : INoSerializationVerificationNeeded
{
    /// <summary>None is there.</summary>
    internal static readonly TailAnswer Nothing = new(new Dictionary<long, IReadOnlySet<int>>());
}
