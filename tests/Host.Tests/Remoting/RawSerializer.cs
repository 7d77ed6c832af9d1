using Akka.Actor;
using Akka.Serialization;

namespace AkkaJoin.Host.Tests.Remoting;

/// <summary>Bytes to be sent under an id and a manifest.</summary>
sealed record Raw(int Id, string Text, byte[] Bytes);

/// <summary>Sends what a program may send that is no node: any bytes under any id and manifest.</summary>
sealed class RawSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    // Akka asks for the bytes first, and then, on the same thread, for the id.
    [ThreadStatic]
    static Raw? _last;

    public override int Identifier => _last?.Id ?? 1_000_000;

    public override string Manifest(object o) => ((Raw)o).Text;

    public override byte[] ToBinary(object obj)
    {
        _last = (Raw)obj;
        return _last.Bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest) => throw new NotSupportedException();
}
