using Akka.Actor;
using Akka.Serialization;

namespace AkkaJoin.Shards.Serialization;

/// <summary>
/// Stands in for Akka's default serializer, which would write any object as JSON with the name of its type, and make
/// any type that such a name asks for. For reading it also replaces every serializer that <see cref="WireGuard"/> does
/// not admit.
/// It has string manifests: of a serializer without, Akka would resolve the manifest's type first.
/// </summary>
sealed class RefusingSerializer(ExtendedActorSystem system, int id) : SerializerWithStringManifest(system)
{
    const int ManifestCharsMax = 100;

    public RefusingSerializer(ExtendedActorSystem system)
        : this(system, SerializerIds.Refusing)
    {
    }

    /// <inheritdoc/>
    public override int Identifier => id;

    /// <inheritdoc/>
    public override string Manifest(object o) => "";

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) =>
        throw new NotSupportedException($"{obj.GetType()} has no serializer of its own, so it does not leave this node");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string? manifest) => throw Refused(id, manifest);

    /// <summary>
    /// The refusal of what came under an id. The manifest is foreign text: what is no letter of a type's name is shown
    /// as a question mark.
    /// </summary>
    internal static NotSupportedException Refused(int id, string? manifest)
    {
        var shown = new string(
            [.. (manifest ?? "").Take(ManifestCharsMax).Select(
                c => char.IsAsciiLetterOrDigit(c) || "., +`[]_=-".Contains(c, StringComparison.Ordinal) ? c : '?')]);
        return new NotSupportedException($"a message of serializer {id} with the manifest '{shown}' is not taken from other nodes");
    }
}
