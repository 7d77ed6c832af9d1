using Akka.Actor;
using Akka.Serialization;

namespace AkkaJoin.Shards.Serialization;

/// <summary>
/// Stands in for Akka's default serializer, which would write any object as JSON with the name of its type, and make any type that such a
/// name asks for. Between nodes go only messages that have a serializer of their own.
/// </summary>
sealed class RefusingSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <inheritdoc/>
    public override int Identifier => SerializerIds.Refusing;

    /// <inheritdoc/>
    public override bool IncludeManifest => true;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) =>
        throw new NotSupportedException($"{obj.GetType()} has no serializer of its own, so it does not leave this node");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) => throw new NotSupportedException($"{type} is not taken from other nodes");
}
