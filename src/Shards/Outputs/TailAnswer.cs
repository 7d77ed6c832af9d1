using Akka.Actor;

namespace AkkaJoin.Shards.Outputs;

/// <summary>The outputs that are in the topics already: by event, their indexes.</summary>
sealed record TailAnswer(IReadOnlyDictionary<long, IReadOnlySet<int>> Written) : INoSerializationVerificationNeeded
{
    /// <summary>None is there.</summary>
    internal static readonly TailAnswer Nothing = new(new Dictionary<long, IReadOnlySet<int>>());
}
