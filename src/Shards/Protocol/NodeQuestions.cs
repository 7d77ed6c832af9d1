using System.Text;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// A node asks another one something about it. Goes to the actor of the node's cockpit, which knows a closed list of
/// names. Answered by the parts of a <see cref="NodeAnswer"/>.
/// </summary>
/// <param name="Number">Given by the node that asks; comes back in the answer.</param>
/// <param name="Name">What is asked.</param>
/// <param name="Arguments">UTF-8 JSON; empty where there are none.</param>
sealed record NodeQuestion(long Number, string Name, byte[] Arguments) : IWireMessage
{
    /// <summary>The most characters of a name.</summary>
    internal const int NameMax = 64;

    /// <summary>The most bytes of the arguments: with their envelope they stay below a frame of 64 KiB.</summary>
    internal const int ArgumentsMax = 60_000;

    /// <exception cref="MalformedBatchException">No node sends such a question.</exception>
    internal void Check()
    {
        if (Name.Length is < 1 or > NameMax || Arguments.Length > ArgumentsMax)
            throw new MalformedBatchException($"a question with a name of {Name.Length} characters and {Arguments.Length} bytes");
    }
}

/// <summary>A part of the answer to a <see cref="NodeQuestion"/>: a frame has room for no more.</summary>
/// <param name="Number">The number of the question.</param>
/// <param name="Index">Which part this is, from 0.</param>
/// <param name="Count">How many parts the answer has.</param>
/// <param name="IsError">
/// Whether the bytes are the text of an error, in UTF-8; else they are the result as JSON.
/// </param>
/// <param name="Bytes">The part.</param>
sealed record NodeAnswer(long Number, int Index, int Count, bool IsError, byte[] Bytes) : IWireMessage
{
    /// <summary>The most bytes of a part: with its envelope it stays below a frame of 64 KiB.</summary>
    internal const int BytesMax = 60_000;

    /// <summary>The most bytes of a whole answer, 4 MiB.</summary>
    internal const int AnswerMax = 4 << 20;

    const int ErrorMax = 4_000;
    const int CountMax = ((AnswerMax - 1) / BytesMax) + 1;

    /// <exception cref="MalformedBatchException">No node sends such a part.</exception>
    internal void Check()
    {
        if (Count is < 1 or > CountMax || (uint)Index >= (uint)Count || Bytes.Length > BytesMax)
            throw new MalformedBatchException($"part {Index} of {Count} of an answer, with {Bytes.Length} bytes");
    }

    /// <summary>The parts of a result, in order. One that is too long becomes an error that says so.</summary>
    internal static IEnumerable<NodeAnswer> Split(long number, byte[] result)
    {
        if (result.Length > AnswerMax)
            return [Error(number, $"the answer has {result.Length} bytes, and may have {AnswerMax}; ask for less")];
        var count = (Math.Max(0, result.Length - 1) / BytesMax) + 1;
        return Enumerable.Range(0, count).Select(index => new NodeAnswer(
            number, index, count, IsError: false, result[(index * BytesMax)..Math.Min((index + 1) * BytesMax, result.Length)]));
    }

    /// <summary>An answer that says what is wrong.</summary>
    internal static NodeAnswer Error(long number, string text) =>
        new(number, 0, 1, IsError: true, Encoding.UTF8.GetBytes(text.Length > ErrorMax ? text[..ErrorMax] : text));
}
