using System.IO.Compression;
using AkkaJoin.Shards.Encodings;
using Google.Protobuf;

namespace AkkaJoin.Shards.Serialization;

/// <summary>
/// What Akka's replicated data would do with bytes before it asks the serializer of what is in them: make a generic
/// class of the type that a register names, which loads the assembly that the name names, and unpack a gossip however
/// large it gets.
/// </summary>
static class ReplicatedBytes
{
    internal const string RegisterManifest = "E", GossipManifest = "N";
    internal const int GossipBytesMax = 16 << 20;
    const int DataId = 11, ReplicatorId = 12;
    const uint TypeInfoField = 4, TypeNameField = 2, LengthDelimited = 2;

    // The second is what Akka 1.4 called it, and reads as the first.
    static readonly string[] Types =
    [
        "Akka.Cluster.Sharding.ShardCoordinator+CoordinatorState, Akka.Cluster.Sharding",
        "Akka.Cluster.Sharding.PersistentShardCoordinator+State, Akka.Cluster.Sharding",
    ];

    /// <summary>The bytes as they are, if there is nothing in them that must not be read.</summary>
    /// <exception cref="MalformedBatchException">There is.</exception>
    internal static byte[] Checked(int serializer, string manifest, byte[] bytes)
    {
        switch (serializer, manifest)
        {
            case (DataId, RegisterManifest):
                CheckTypes(
                    new CodedInputStream(bytes),
                    TypeInfoField,
                    info => CheckTypes(info.CreateCodedInput(), TypeNameField, name => CheckType(name.ToStringUtf8())));
                break;
            case (ReplicatorId, GossipManifest):
                CheckSize(bytes);
                break;
        }

        return bytes;
    }

    // A field may come several times, and the last one counts: all of them are looked at.
    static void CheckTypes(CodedInputStream input, uint field, Action<ByteString> check)
    {
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (tag == ((field << 3) | LengthDelimited))
                check(input.ReadBytes());
            else
                input.SkipLastField();
        }
    }

    static void CheckType(string name)
    {
        if (!Types.Contains(name))
            throw new MalformedBatchException("a replicated register of another type than the coordinator's state");
    }

    static void CheckSize(byte[] bytes)
    {
        using var unpacked = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        Span<byte> part = stackalloc byte[4096];
        for (long size = 0, read = unpacked.Read(part); read > 0; read = unpacked.Read(part))
        {
            size += read;
            if (size > GossipBytesMax)
                throw new MalformedBatchException($"a gossip of more than {GossipBytesMax} bytes");
        }
    }
}
