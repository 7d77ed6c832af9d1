using System.Buffers;
using System.Text;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.Databases;

namespace AkkaJoin.Shards.Tests.Journal;

/// <summary>What a key group's actor needs around it: a journal in a database of its own, and batches to send.</summary>
sealed class ActorWorld : IDisposable
{
    internal ActorWorld()
        : this(new TestDatabase())
    {
    }

    internal ActorWorld(TestDatabase database) => Database = database;

    internal TestDatabase Database { get; }

    internal JoinJournal Journal => Database.Journal;

    internal IOutputTail? Tail { get; set; }

    /// <summary>Where segments go; null = to the journal's database.</summary>
    internal ISnapshotSegments? Segments { get; set; }

    internal SlabPool Slabs { get; set; } = new HeapSlabPool();

    internal List<Exception> Fatal { get; } = [];

    internal ActorSystemSetup Setup => ActorSystemSetup.Create(
        BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString("akka.loglevel = OFF, akka.stdout-loglevel = OFF")
            .WithFallback(Journal.Config())
            .WithFallback(KeyGroupRegion.Serialization)),
        Journal.Setup());

    internal Props Props(IActorRef outputs, int snapshotBytesMin = 1 << 20, int handOverMs = 10_000, int segmentBytes = 1 << 20, int flushMs = 50, Action? beforeRows = null)
    {
        var setup = new KeyGroupSetup(
            new JoinDefinition
            {
                Name = "t",
                Type = JoinType.Inner,
                BeforeMs = 0,
                AfterMs = 1_000,
                Left = new SourceDefinition("l", "", "", "", "", "", []),
                Right = new SourceDefinition("r", "", "", "", "", "", []),
                KeyGroups = 1,
            },
            _ =>
            {
                beforeRows?.Invoke();
                return new NoRows();
            },
            e => outputs.Tell(e),
            e =>
            {
                lock (Fatal)
                    Fatal.Add(e);
            },
            new KeyGroupLimits(SnapshotBytesMin: snapshotBytesMin, SnapshotSegmentBytes: segmentBytes, RecoveryReadMax: 1),
            TimeSpan.FromMilliseconds(flushMs),
            Journal.Location)
        {
            Tail = Tail,
            Segments = Segments ?? Journal.Segments,
            SnapshotPermits = Journal.SnapshotPermits,
            Slabs = Slabs,
            HandOverTimeout = TimeSpan.FromMilliseconds(handOverMs),
        };
        return Akka.Actor.Props.Create(() => new KeyGroupActor(setup, 0));
    }

    /// <summary>A batch of one partition with one record at each offset in [from, to).</summary>
    internal static Deliver Batch(Side side, long from, long to, string? key = "k")
    {
        var writer = new RecordBatchWriter();
        writer.Begin(from);
        for (var offset = from; offset < to; offset++)
        {
            var value = Encoding.UTF8.GetBytes("v" + offset);
            writer.Add(new NewRecord
            {
                Offset = offset,
                Time = 1_000 + offset,
                Timestamp = offset,
                Key = Encoding.UTF8.GetBytes(key ?? ""),
                KeyIsNull = key is null,
                KeyHash = key is null ? 0 : KeyHash.Of(Encoding.UTF8.GetBytes(key)),
                Value = value,
                RecordKeyIsNull = true,
            });
        }

        return new Deliver(0, writer.End(side, 0, 0, 1, to, BatchHeader.NoWatermark, 1).ToArray());
    }

    /// <summary>Runs a statement on the journal's database, beside the actor.</summary>
    internal long Execute(string sql) => Database.Execute(sql);

    public void Dispose() => Database.Dispose();

    sealed class NoRows : IRowWriter
    {
        public void Write(in JoinRow row, IBufferWriter<byte> output) => output.Write("row"u8);
    }
}
