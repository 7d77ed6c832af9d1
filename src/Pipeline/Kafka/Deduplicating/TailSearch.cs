using System.Buffers.Text;
using System.Text;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Kafka.Deduplicating;

/// <summary>
/// One key group's question while it is being answered. Remembers what it asked for and nothing else, however much is
/// read.
/// </summary>
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

    /// <summary>Notes an id that was read, if it is one that was asked for. It may come twice.</summary>
    internal void Match(in OutputId id)
    {
        if (id.Group == question.Group && _events.TryGetValue(id.Sequence, out var wanted)
            && id.Incarnation.SequenceEqual(wanted.Incarnation))
            wanted.Found.Add(id.Index);
    }

    internal void Answer() => Completion.TrySetResult(new TailAnswer(
        _events.Where(e => e.Value.Found.Count > 0).ToDictionary(e => e.Key, e => (IReadOnlySet<int>)e.Value.Found)));
}

/// <summary>The parts of an output id, as <see cref="OutputHeaders.Id"/> describes it.</summary>
readonly ref struct OutputId
{
    OutputId(ReadOnlySpan<byte> incarnation, int group, long sequence, int index)
    {
        Incarnation = incarnation;
        Group = group;
        Sequence = sequence;
        Index = index;
    }

    internal ReadOnlySpan<byte> Incarnation { get; }

    internal int Group { get; }

    internal long Sequence { get; }

    internal int Index { get; }

    /// <summary>False where the text is none: others may write to the topic too.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out OutputId id)
    {
        id = default;
        if (!TryTakeLast(ref text, out var index) || index > int.MaxValue
            || !TryTakeLast(ref text, out var sequence)
            || !TryTakeLast(ref text, out var group) || group > int.MaxValue)
            return false;
        id = new OutputId(text, (int)group, sequence, (int)index);
        return true;
    }

    // The incarnation is whatever stands before the three numbers.
    static bool TryTakeLast(ref ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        var hyphen = text.LastIndexOf((byte)'-');
        if (hyphen < 0)
            return false;
        var digits = text[(hyphen + 1)..];
        text = text[..hyphen];
        return Utf8Parser.TryParse(digits, out number, out var consumed) && consumed == digits.Length && number >= 0;
    }
}
