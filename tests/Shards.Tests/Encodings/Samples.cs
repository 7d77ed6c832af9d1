using System.Buffers;
using System.Text;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.Oracle;

namespace AkkaJoin.Shards.Tests.Encodings;

/// <summary>One sample of each encoding, with everything in it that the format knows. The golden files are made of these.</summary>
static class Samples
{
    internal static readonly JoinDefinition Definition = new()
    {
        Name = "take-rate",
        Type = JoinType.Full,
        BeforeMs = -5,
        AfterMs = 600_000,

        // As the first versions wrote it: 2.5 is a double.
        Where = WhereParser.ParseCanonical(
            "left.a < right.b and (left.\"c d\" = 'x''y' or right.e >= 2.5)", ["a", "\"c d\""], ["b", "e"], takesDoubles: true).Condition,
        Late = LatePolicy.Drop,
        Credit = Credit.Every,
        MaxLefts = 7,
        KeyGroups = 32,
        Left = new SourceDefinition("impressions", "id-1", "profile,title", "ts epoch-millis", "id", "json", ["a", "\"c d\""]),
        Right = new SourceDefinition("plays", "", "record-key", "record-timestamp", "", "raw", ["b", "e"]),
    };

    /// <summary>A definition that format 1 cannot say.</summary>
    internal static readonly JoinDefinition Definition2 = Definition with
    {
        Left = Definition.Left with { Filter = "tier = 'gold' and \"left\".x >= 2" },
        Right = Definition.Right with { Filter = "n not in (3, 2.5) and m is not null" },
        Where = WhereParser.Parse("left.a in (1, 9223372036854775809, 'x') and not (right.e >= 2.5) and right.b is null", ["a"], ["b", "e"]).Condition,
    };

    /// <summary>A definition that format 2 cannot say.</summary>
    internal static readonly JoinDefinition Definition3 = Definition2 with { Late = LatePolicy.Repair, RepairForMs = 3_600_000 };

    internal static readonly OutputPositions Positions = new(0xFFFF_0001, [0, 70_000, long.MaxValue], [5]);

    internal static byte[] Headers()
    {
        var bytes = new byte[64];
        var length = HeaderEncoding.WriteCount(bytes, 2);
        length += HeaderEncoding.Append(bytes.AsSpan(length), "name"u8, "value"u8, false);
        length += HeaderEncoding.Append(bytes.AsSpan(length), "none"u8, default, true);
        return bytes[..length];
    }

    internal static byte[] Fields()
    {
        var fields = new ArrayBufferWriter<byte>();
        TypedFields.WriteMissing(fields);
        TypedFields.WriteBoolean(fields, true);
        TypedFields.WriteInt64(fields, -300);
        TypedFields.WriteDouble(fields, 2.5);
        TypedFields.WriteText(fields, "é"u8);
        return fields.WrittenSpan.ToArray();
    }

    /// <summary>Fields as format 2 has them.</summary>
    internal static byte[] Fields2()
    {
        var fields = new ArrayBufferWriter<byte>();
        foreach (var number in new[] { "2.5", "-1234567890123456789012345678901234e6111", "1e-6144", "9223372036854775809" })
            TypedFields.WriteNumber(fields, Encoding.UTF8.GetBytes(number));
        TypedFields.WriteComposite(fields);
        TypedFields.WriteText(fields, "é"u8);
        return fields.WrittenSpan.ToArray();
    }

    /// <summary>A record with all its parts, one with none, one whose record key is null while its key is not.</summary>
    internal static byte[] Batch()
    {
        var writer = new RecordBatchWriter();
        writer.Begin(1_000);
        writer.Add(new NewRecord
        {
            Offset = 1_003,
            Time = 1_700_000_000_000,
            Timestamp = 1_700_000_000_500,
            KeyHash = KeyHash.Of("key"u8),
            Key = "key"u8,
            Id = "id-1"u8,
            HasId = true,
            Value = "{\"a\":1}"u8,
            RecordKey = "record key"u8,
            Headers = Headers(),
            Fields = Fields(),
        });
        writer.Add(new NewRecord
        {
            Offset = 1_004,
            Time = 1_699_999_999_999,
            Timestamp = -1,
            KeyIsNull = true,
            ValueIsNull = true,
            RecordKeyIsNull = true,
        });
        writer.Add(new NewRecord
        {
            Offset = 5_000,
            Time = TimeLimits.Max,
            Timestamp = 0,
            KeyHash = KeyHash.Of("other"u8),
            Key = "other"u8,
            RecordKeyIsNull = true,
            Value = ""u8,
        });
        return writer.End(Side.Right, 3, 7, 16, 6_000, 1_699_999_970_000, 42).ToArray();
    }

    internal const int EventKeyGroup = 5;
    internal const long EventNumber = 301;

    internal static byte[] Event(byte version = FormatVersions.Newest) => EventCodec.Write(
        new EventContent
        {
            FormatVersion = version,
            Incarnation = Incarnation.Of("00c0ffee00c0ffee"),
            Predecessor = Incarnation.Of("journal"),
            LastConfirmed = 300,
            Definition = Definition,
            JournalId = "journal",
            Raise = (-5, TimeLimits.Max),
            OutputsFrom = Positions,
            Ticks = [new Tick(new PartitionId(Side.Left, 1, 2), 3, 4, 5_000, -6, 7)],
        },
        [Batch(), Batch()],
        EventKeyGroup,
        EventNumber);

    /// <summary>A tick of each kind that format 3 has.</summary>
    internal static readonly Tick[] TicksOfFormat3 =
    [
        new(new PartitionId(Side.Left, 0, 1), 2, 0, 9, 150, 1, TickKind.RecordsWithClock, 1_000),
        new(new PartitionId(Side.Left, 0, 1), 2, 0, 9, 150, 1, TickKind.IdleWallClock, 1_700_000_000_000),
        new(new PartitionId(Side.Right, 0, 0), 1, 0, 1, SideWatermarks.None, 7, TickKind.IdleExclude, -5),
    ];

    /// <summary>An event with them.</summary>
    internal static byte[] EventOfClaims() => EventCodec.Write(
        new EventContent
        {
            Incarnation = Incarnation.Of("00c0ffee00c0ffee"),
            Predecessor = Incarnation.Of("journal"),
            Ticks = TicksOfFormat3,
        },
        [],
        EventKeyGroup,
        EventNumber);

    /// <summary>
    /// A group of which a partition is idle: by a claim of 1,132 with a time-out of 60 ms, 12 ms beyond the clock 1,060
    /// of its watermark.
    /// </summary>
    internal static KeyGroup IdleGroup()
    {
        var definition = Restorable with { Idle = IdlePolicy.WallClock, IdleTimeoutMs = 60 };
        var group = new KeyGroup(5, definition, Incarnations.OnlyOne, _ => new TestRowWriter(), new KeyGroupLimits());
        group.Recovered();
        var partition = new PartitionId(Side.Left, 0, 1);
        Tick[] ticks =
        [
            new(partition, 2, 0, 9, 150, 1, TickKind.RecordsWithClock, 1_060),
            new(new PartitionId(Side.Left, 0, 0), 2, 0, 3, 140, 1),
            new(partition, 2, 0, 9, 150, 1, TickKind.IdleWallClock, 1_132),
        ];
        group.Offer(new DeliverTicks(5, ticks, Flush: true), "sender");
        group.Apply(1, group.NextEvent()!);
        return group;
    }

    /// <summary>An event from which on a join wakes.</summary>
    internal static byte[] EventOfHold() => EventCodec.Write(
        new EventContent
        {
            Incarnation = Incarnation.Of("00c0ffee00c0ffee"),
            Predecessor = Incarnation.Of("journal"),
            TimeHold = Waking,
        },
        [],
        EventKeyGroup,
        EventNumber);

    internal static TimeHold Waking { get; } = new(HoldKind.Waking, 300, 1_700_000_000_000, -5, 1_600_000_000_000);

    /// <summary>A group whose time rests.</summary>
    internal static KeyGroup RestingGroup()
    {
        var group = IdleGroup();
        group.Order = new TimeOrder(4, IsAtRest: true, 1_000);
        group.Apply(2, group.NextEvent()!);
        return group;
    }

    /// <summary>The definition of <see cref="Group"/>.</summary>
    internal static JoinDefinition Restorable => Definitions.Of(JoinType.Full, 5, 10, dedup: true);

    /// <summary>A group with rows that may be superseded, of its own incarnation and an earlier one.</summary>
    internal static KeyGroup RepairingGroup()
    {
        var definition = Definitions.Of(JoinType.Full, 5, 10, dedup: true, repairFor: 50);
        var first = new TestKeyGroup(definition);
        first.Event([new TestBatch(Side.Left, 0, 1, 0, 1, [new("l1", Side.Left, "k", 100, "a")], 130)]);
        first.Raise(null, 115);
        first.State.Left.Store.Rows.Keep(first.State.Left.Store.Entries().Single(), new RowId("earlier", 7, 3));
        first.Event([new TestBatch(Side.Right, 0, 1, 0, 1, [new("r1", Side.Right, "other", 101, "r")], 120)]);
        return first.Group;
    }

    /// <summary>The snapshot of <see cref="Group"/>.</summary>
    internal static byte[] Snapshot() => Group().TakeSnapshot();

    /// <summary>A group with waiting, late and remembered records, and with rows that the broker has not acknowledged.</summary>
    internal static KeyGroup Group()
    {
        var group = new KeyGroup(5, Restorable, Incarnations.OnlyOne, _ => new TestRowWriter(), new KeyGroupLimits());
        group.Recovered();
        group.Produced = Positions;
        TestRecord[] lefts =
        [
            new("l1", Side.Left, "k", 100, "a", X: 5), new("l2", Side.Left, null, 101, "b", Offset: 1), new("l3", Side.Left, "z", 300, Offset: 2),
        ];
        group.Offer(new Deliver(5, new TestBatch(Side.Left, 0, 2, 0, 3, lefts, 150).Encode()), "sender");
        group.Apply(1, group.NextEvent()!);
        group.Offer(new Deliver(5, new TestBatch(Side.Right, 0, 1, 0, 1, [new("r1", Side.Right, "k", 105, "r")], 120).Encode()), "sender");
        group.Offer(
            new DeliverTicks(5, [new Tick(new PartitionId(Side.Left, 0, 1), 2, 0, 9, 150, 1)], Flush: true), "sender");
        group.Apply(2, group.NextEvent()!);
        group.Offer(new Deliver(5, new TestBatch(Side.Left, 0, 2, 3, 4, [new("l4", Side.Left, "k", 140, "c", Offset: 3)]).Encode()), "sender");
        group.Apply(3, group.NextEvent()!);

        // The copies of late records have headers that a later version may add to: none of them is in a golden file.
        group.Confirm(1);
        group.Confirm(3);
        return group;
    }

    /// <summary>The rows of an event that was applied.</summary>
    internal static byte[] Outputs()
    {
        var group = new TestKeyGroup(Definitions.Of(JoinType.Full, 5, 10, late: LatePolicy.Drop)).Group;
        group.Offer(new EndInput(0, 50, 50), "sender");
        group.Apply(1, group.NextEvent()!);
        TestRecord[] lefts = [new("l1", Side.Left, null, 100), new("l2", Side.Left, "k", 20, Offset: 1)];
        group.Offer(new Deliver(0, new TestBatch(Side.Left, 0, 1, 0, 2, lefts).Encode()), "sender");
        return group.Apply(2, group.NextEvent()!);
    }

    internal static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
