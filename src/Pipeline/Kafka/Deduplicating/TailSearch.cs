using System.Text;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Kafka.Deduplicating;

/// <summary>One key group's question while it is being answered. Remembers what it asked for and nothing else, however much is read.</summary>
sealed class TailSearch(TailQuestion question, TimeProvider time)
{
    readonly Dictionary<long, (byte[] Incarnation, HashSet<int> Found)> _events =
        question.Events.ToDictionary(e => e.Sequence, e => (Encoding.UTF8.GetBytes(e.Incarnation), new HashSet<int>()));

    readonly long _since = time.GetTimestamp();

    /// <summary>The key group.</summary>
    internal int Group => question.Group;

    /// <summary>How long ago it was asked.</summary>
    internal TimeSpan Age => time.GetElapsedTime(_since);

    /// <summary>The answer, once it is there.</summary>
    internal TaskCompletionSource<TailAnswer> Completion { get; } = new();

    /// <summary>How many outputs were found.</summary>
    internal int Found => _events.Values.Sum(e => e.Found.Count);

    /// <summary>Where to begin in a partition of the rows' topic, or of that of late records.</summary>
    internal long From(bool late, int partition)
    {
        var offsets = late ? question.From.Late : question.From.Rows;
        return partition < offsets.Length ? offsets[partition] : 0;
    }

    /// <summary>Takes an id that was read; it may be found twice, and may be none that was asked for.</summary>
    internal void Take(in OutputId id)
    {
        if (id.Group == question.Group && _events.TryGetValue(id.Sequence, out var wanted) && id.Incarnation.SequenceEqual(wanted.Incarnation))
            wanted.Found.Add(id.Index);
    }

    internal void Answer() => Completion.TrySetResult(new TailAnswer(
        _events.Where(e => e.Value.Found.Count > 0).ToDictionary(e => e.Key, e => (IReadOnlySet<int>)e.Value.Found)));
}
