using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Bench.Parts;

/// <summary>Decodes every record of the chunks, and forgets what it found.</summary>
sealed class DecodePart(JoinSettings join)
{
    readonly RouteSide _left = new(Side.Left, 0, DecoderFactory.Create(join.Left, []));
    readonly RouteSide _right = new(Side.Right, 0, DecoderFactory.Create(join.Right, []));
    readonly DecodedRecord _decoded = new();

    /// <summary>Bytes of the chunks of the last <see cref="Run"/>.</summary>
    internal long Bytes { get; private set; }

    internal void Run(List<RecordChunk> chunks)
    {
        Bytes = 0;
        foreach (var chunk in chunks)
        {
            Bytes += chunk.Length;
            var side = chunk.Topic == join.Left.Topic ? _left : _right;
            for (var i = 0; i < chunk.Count; i++)
            {
                if (!side.Decode(chunk, i, _decoded))
                    throw new InvalidOperationException($"a record of the load is a dead letter: {_decoded.Detail}");
            }
        }
    }
}
