using System.IO.Compression;
using AkkaJoin.Shards.Protocol;
using static AkkaJoin.Host.Tests.Remoting.Canary;
using static AkkaJoin.Host.Tests.Remoting.Canary.Proto;

namespace AkkaJoin.Host.Tests.Remoting;

/// <summary>The canary under each serializer id, and inside of each message that can hold another.</summary>
sealed record Attack(Attacker Attacker)
{
    const string Daemon = "/remote";
    const int IdMax = 60, Deployment = 3, Selection = 6, Data = 11, Replicator = 12, Misc = 16, System = 22;
    const string StringManifest = "S";

    /// <summary>Sends all of it, a part at a time, and after each part what a node sends; a part that may have been lost is sent again.</summary>
    internal async Task DeliverAsync(ForeignCodeTests test)
    {
        var parts = Naked().Concat(Failures()).Select(Part).ToList();
        parts.Add([(ForeignCodeTests.Probe, Selection, "", Deep(2_000))]);
        for (int i = 0, again = 0; i < parts.Count; i++)
        {
            foreach (var (path, id, manifest, bytes) in parts[i])
                Attacker.Send(path, id, manifest, bytes);
            if (!await test.SayAsync(Attacker, ForeignCodeTests.Last, (1_000 * (again + 1)) + i) && again++ < 20)
                i--;
        }
    }

    static List<(string Path, int Id, string Manifest, byte[] Bytes)> Part((int Id, string Manifest, byte[] Bytes) naked) =>
    [
        (ForeignCodeTests.Probe, naked.Id, naked.Manifest, naked.Bytes),
        .. Wrapped(naked.Id, naked.Manifest, naked.Bytes).Select(wrapped => (ForeignCodeTests.Probe, wrapped.Item1, wrapped.Item2, wrapped.Item3)),
        (Daemon, Deployment, "", Deployed()),
    ];

    static IEnumerable<(int, string, byte[])> Naked() =>
        from id in Enumerable.Range(-5, IdMax)
        from manifest in new[] { Manifest, "" }
        select (id, manifest, Canary.Json);

    // Status.Failure, and the system messages that carry a cause.
    static IEnumerable<(int, string, byte[])> Failures() =>
    [
        (Misc, "STF", Message((1, Failure()))),
        (System, "Akka.Dispatch.SysMsg.Create, Akka", Message((1, Failure()))),
        (System, "Akka.Dispatch.SysMsg.Recreate, Akka", Message((1, Failure()))),
        (System, "Akka.Dispatch.SysMsg.Resume, Akka", Message((1, Failure()))),
        (System, "Akka.Dispatch.SysMsg.Failed, Akka", Message((2, Failure()), (3, 1))),
        (System, "Akka.Dispatch.SysMsg.Terminate, Akka", []),
        (System, "Akka.Dispatch.SysMsg.Suspend, Akka", []),
        (System, "Akka.Dispatch.SysMsg.Supervise, Akka", Message((1, Message((1, "akka://akkajoin/user/probe"))))),
    ];

    static IEnumerable<(int, string, byte[])> Wrapped(int id, string manifest, byte[] bytes)
    {
        var payload = Payload(id, manifest, bytes);
        var other = Other(id, manifest, bytes);
        var any = Message((1, 4), (2, Manifest));
        yield return (Selection, "", Message((1, payload), (2, Message((2, "x")))));
        yield return (Misc, "ID", Message((1, payload)));
        yield return (Misc, "AID", Message((1, payload)));
        yield return (Misc, "STS", Message((1, payload)));
        yield return (Misc, "STF", Message((1, Failure((6, Message((1, "x"), (2, payload)))))));
        yield return (Data, "E", Message((3, other), (4, any)));
        yield return (Data, "C", Packed(Message((2, any), (6, other))));
        yield return (Replicator, "H", Message((1, other)));
        yield return (Replicator, "I", Message((1, "key"), (2, Message((1, other)))));
        yield return (Replicator, "L", Message((1, Message((1, other)))));
        yield return (Replicator, "N", Packed(Message((2, Message((1, "key"), (2, Message((1, other))))))));
        yield return (System, "Akka.Dispatch.SysMsg.Recreate, Akka", Message((1, Failure((6, Message((1, "x"), (2, payload)))))));
    }

    static byte[] Deployed() => Message(
        (1, Message((3, typeof(Bird).AssemblyQualifiedName!), (2, Message()))),
        (2, Message()),
        (3, "akka/user/x/bird"),
        (4, Message((1, "akka://akkajoin/user"))));

    // Selections in selections: the stack of a node is not for others to use up.
    static byte[] Deep(int depth)
    {
        var bytes = Payload(17, StringManifest, [65]);
        for (var i = 0; i < depth && bytes.Length < 30_000; i++)
            bytes = Payload(Selection, "", Message((1, bytes)));
        return Message((1, bytes));
    }

    static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
