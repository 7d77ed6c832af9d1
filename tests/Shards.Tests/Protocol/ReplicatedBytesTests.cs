using System.IO.Compression;
using System.Text;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Serialization;
using Xunit;

namespace AkkaJoin.Shards.Tests.Protocol;

/// <summary>Replicated data whose bytes would have Akka load an assembly, or unpack without end.</summary>
public sealed class ReplicatedBytesTests
{
    const int Data = 11, Replicator = 12;
    const string State = "Akka.Cluster.Sharding.ShardCoordinator+CoordinatorState, Akka.Cluster.Sharding";

    [Fact]
    public void A_register_is_read_if_its_type_is_the_coordinators_state_alone()
    {
        Check(Register(State));
        Assert.Throws<MalformedBatchException>(() => Check(Register("System.IO.FileInfo, System.IO.FileSystem")));
        Assert.Throws<MalformedBatchException>(() => Check([.. Register(State), .. Register("X, Y")])); // the last one counts
        Assert.Throws<MalformedBatchException>(() => Check([.. Register("X, Y"), .. Register(State)]));
        Assert.ThrowsAny<Exception>(() => Check([0xff, 0xff]));
    }

    [Fact]
    public void A_gossip_is_unpacked_up_to_a_limit()
    {
        Check(Packed(ReplicatedBytes.GossipBytesMax), Replicator, ReplicatedBytes.GossipManifest);
        var bomb = Packed(ReplicatedBytes.GossipBytesMax + 1);
        Assert.True(bomb.Length < 65_536);
        Assert.Throws<MalformedBatchException>(() => Check(bomb, Replicator, ReplicatedBytes.GossipManifest));
    }

    static void Check(byte[] bytes, int serializer = Data, string manifest = ReplicatedBytes.RegisterManifest) =>
        Assert.Same(bytes, ReplicatedBytes.Checked(serializer, manifest, bytes));

    // Field 4, type information, with field 2, the name.
    static byte[] Register(string type)
    {
        byte[] name = [0x12, (byte)type.Length, .. Encoding.UTF8.GetBytes(type)];
        return [0x22, (byte)name.Length, .. name];
    }

    static byte[] Packed(int bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(new byte[bytes]);
        return packed.ToArray();
    }
}
