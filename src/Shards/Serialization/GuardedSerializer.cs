using Akka.Actor;
using Akka.Serialization;

namespace AkkaJoin.Shards.Serialization;

/// <summary>
/// Reads under the id of a serializer of Akka's the manifests of a list, and refuses every other. It has string
/// manifests itself, whatever the other has: Akka resolves the type that a manifest names before it asks a serializer
/// that has not. Nothing is written by it.
/// </summary>
sealed class GuardedSerializer(
    ExtendedActorSystem system, int id, IReadOnlyDictionary<string, Func<byte[], object>> taken) : SerializerWithStringManifest(system)
{
    // A gossip holds a register, which holds a state; a selection may be around it. Deeper is nothing that a node
    // sends, but a way to use up the stack.
    const int DepthMax = 5;

    [ThreadStatic]
    static int _depth;

    /// <inheritdoc/>
    public override int Identifier => id;

    /// <inheritdoc/>
    public override string Manifest(object o) => throw Unused();

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => throw Unused();

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string? manifest)
    {
        if (!taken.TryGetValue(manifest ?? "", out var read))
            throw RefusingSerializer.Refused(id, manifest);
        if (_depth == DepthMax)
            throw new NotSupportedException($"messages are not taken from other nodes {DepthMax + 1} deep in one another");
        _depth++;
        try
        {
            return read(bytes);
        }
        finally
        {
            _depth--;
        }
    }

    static NotSupportedException Unused() => new("nothing is written by a serializer that guards another");
}
