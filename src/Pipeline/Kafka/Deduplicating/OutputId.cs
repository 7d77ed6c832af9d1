using System.Buffers.Text;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Kafka.Deduplicating;

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
