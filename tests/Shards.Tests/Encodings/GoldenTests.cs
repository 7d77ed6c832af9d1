using System.Runtime.CompilerServices;
using System.Text;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Partitions;
using AkkaJoin.Shards.Tests.Journal;
using AkkaJoin.Shards.Tests.Oracle;
using AkkaJoin.Shards.Tests.Snapshots;
using Xunit;

namespace AkkaJoin.Shards.Tests.Encodings;

/// <summary>
/// Bytes that were journaled once are readable for ever: these files were written once (AKKAJOIN_WRITE_GOLDEN=1 writes the ones that are
/// missing) and are only read since. A new version adds files, and takes the old ones out of the comparison with what is written.
/// </summary>
public sealed class GoldenTests
{
    [Fact]
    public void A_batch_of_version_1()
    {
        var bytes = Golden("batch-1", Samples.Batch());
        var header = RecordBatch.Validate(bytes);
        Assert.Equal(new PartitionId(Side.Right, 3, 7), header.PartitionId);
        Assert.Equal((16, 3, 1_000, 6_000, 1_699_999_970_000, 42), (header.PartitionCount, header.Count, header.From, header.To, header.Watermark, header.Generation));
        var record = RecordView.Read(bytes, BatchHeader.Size, header);
        Assert.Equal((1_003, 1_700_000_000_000, 1_700_000_000_500), (record.Offset, record.Time, record.Timestamp));
        Assert.Equal("key id-1 {\"a\":1} record key", $"{Samples.Text(record.Key)} {Samples.Text(record.Id)} {Samples.Text(record.Value)} {Samples.Text(record.RecordKey)}");
        Assert.Equal(Samples.Headers(), record.Headers.ToArray());
        Assert.Equal(Samples.Fields(), record.Fields.ToArray());
        record = RecordView.Read(bytes, record.Next, header);
        Assert.Equal((1_004, 1_699_999_999_999, -1), (record.Offset, record.Time, record.Timestamp));
        Assert.True(record.KeyIsNull && record.ValueIsNull && record.RecordKeyIsNull && !record.HasId);
        record = RecordView.Read(bytes, record.Next, header);
        Assert.Equal((5_000, TimeLimits.Max, 0), (record.Offset, record.Time, record.Timestamp));
        Assert.True(!record.KeyIsNull && !record.ValueIsNull && record.RecordKeyIsNull && record.Value.IsEmpty);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_event_of_each_version(byte version)
    {
        var bytes = Golden($"event-{version}", Samples.Event(version));
        Assert.True(EventCodec.IsWhole(bytes, Samples.EventKeyGroup, Samples.EventNumber));
        var content = EventCodec.Read(bytes);
        Assert.Equal(
            version == 1 ? (null, null) : ("00c0ffee00c0ffee", Incarnation.Of("journal").ToString()),
            (content.Incarnation?.ToString(), content.Predecessor?.ToString()));
        Assert.Equal(300, content.LastConfirmed);
        Assert.Equal(DefinitionCodec.Entries(Samples.Definition), DefinitionCodec.Entries(content.Definition!));
        Assert.Equal("journal", content.JournalId);
        Assert.Equal((-5, TimeLimits.Max), content.Raise);
        AssertPositions(content.OutputsFrom);
        Assert.Equal(new(new PartitionId(Side.Left, 1, 2), 3, 4, 5_000, -6, 7), Assert.Single(content.Ticks));
        Assert.Equal(2, content.BatchStarts.Length);
        Assert.All(content.BatchStarts, start => Assert.Equal(Samples.Batch(), bytes[start..(start + Samples.Batch().Length)]));
    }

    [Fact]
    public void A_definition_of_version_1()
    {
        var definition = DefinitionCodec.Read(Golden("definition-1", DefinitionCodec.Write(Samples.Definition)));
        Assert.Equal(DefinitionCodec.Entries(Samples.Definition), DefinitionCodec.Entries(definition));
        Assert.Equal(Samples.Definition.Where, definition.Where);
    }

    [Fact]
    public void A_definition_with_a_filter_or_a_new_condition_is_of_version_2_and_one_without_still_of_version_1()
    {
        var first = DefinitionCodec.Read(Golden("definition-2-filter"));
        Assert.Equal(("tier = 'gold' and \"left\".x >= 2", "n != 3"), (first.Left.Filter, first.Right.Filter));
        var filtered = Samples.Definition2;
        var bytes = Golden("definition-2", DefinitionCodec.Write(filtered));
        Assert.Equal((2, 1), (bytes[0], DefinitionCodec.Write(Samples.Definition)[0]));
        Assert.Equal(DefinitionCodec.Entries(filtered), DefinitionCodec.Entries(DefinitionCodec.Read(bytes)));
        Assert.Equal(filtered.Where, DefinitionCodec.Read(bytes).Where);
        Assert.NotEqual(DefinitionCodec.Entries(filtered), DefinitionCodec.Entries(Samples.Definition));
    }

    [Fact]
    public void A_definition_of_version_3()
    {
        var bytes = Golden("definition-3", DefinitionCodec.Write(Samples.Definition3));
        Assert.Equal(3, bytes[0]);
        Assert.Equal(DefinitionCodec.Entries(Samples.Definition3), DefinitionCodec.Entries(DefinitionCodec.Read(bytes)));
        Assert.Throws<InvalidOperationException>(() => DefinitionCodec.Write(Samples.Definition3, format: 2));
    }

    [Fact]
    public void A_snapshot_with_rows_that_may_be_superseded()
    {
        var group = Samples.RepairingGroup();
        var golden = Golden("snapshot-5-repair", group.TakeSnapshot());
        Assert.Equal(golden, AssertRepairs(golden));

        // One of a program that knew nothing of clocks says the same.
        Assert.Equal(golden, AssertRepairs(Golden("snapshot-3-repair")));
    }

    static byte[] AssertRepairs(byte[] snapshot)
    {
        var restored = new TestKeyGroup(Samples.RepairingGroup().Definition!, snapshot);
        Assert.Equal((80, 70), (restored.State.Horizon.Left, restored.State.Horizon.Right));
        Assert.Equal(new RowId("earlier", 7, 3), Row(Side.Left));
        Assert.Equal(new RowId(Incarnations.One.ToString(), 3, 0), Row(Side.Right));
        return restored.Group.TakeSnapshot();

        RowId Row(Side side) => restored.State.Store(side).Rows[Assert.Single(restored.State.Store(side).Entries())];
    }

    [Theory]
    [InlineData("snapshot-1")]
    [InlineData("snapshot-1-by-side")]
    public void A_snapshot_of_version_1(string name)
    {
        // The first ones had a slab for each event, in which both sides were mixed.
        AssertRestores(Golden(name), []);
    }

    [Fact]
    public void A_snapshot_of_version_3() => AssertRestores(Golden("snapshot-3"), [], Incarnations.One.ToString());

    [Fact]
    public void A_snapshot_of_version_4_with_its_chunks() =>
        AssertRestores(Golden("snapshot-4"), [Golden("snapshot-2-chunk-0"), Golden("snapshot-2-chunk-1")], Incarnations.One.ToString());

    [Fact]
    public void A_snapshot_of_version_5() => AssertRestores(Golden("snapshot-5", Samples.Snapshot()), [], Incarnations.One.ToString());

    [Fact]
    public void A_snapshot_of_version_5_with_clocks_and_claims()
    {
        var written = Samples.IdleGroup();
        var group = new KeyGroup(5, Samples.Restorable, Incarnations.OnlyOne, _ => new TestRowWriter(), new KeyGroupLimits());
        Assert.True(group.Restore(Golden("snapshot-5-claims", written.TakeSnapshot())));
        Assert.Equal(written.Clocks.Known, group.Clocks.Known);
        Assert.Equal(written.Clocks.Times, group.Clocks.Times);
        Assert.Equal(
            new PartitionClock(9, 150, 162, 1_072, IdleClaim.WallClock), group.Clocks.Of(new PartitionId(Side.Left, 0, 1)));
    }

    [Fact]
    public void An_event_of_format_3_that_lets_a_join_wake()
    {
        var bytes = Golden("event-3-hold", Samples.EventOfHold());
        Assert.Equal(Samples.Waking, EventCodec.Read(bytes).TimeHold);
        bytes[0] = 2; // a program of format 2 knows no hold
        Assert.False(EventCodec.IsWhole(bytes, Samples.EventKeyGroup, Samples.EventNumber));
    }

    [Fact]
    public void A_snapshot_of_version_7_of_a_group_that_rests()
    {
        var written = Samples.RestingGroup();
        var group = new KeyGroup(5, Samples.Restorable, Incarnations.OnlyOne, _ => new TestRowWriter(), new KeyGroupLimits());
        var golden = Golden("snapshot-7-rest", written.TakeSnapshot());
        Assert.Equal(7, golden[0]);
        Assert.True(group.Restore(golden));
        Assert.Equal(written.Clocks.TimeHold, group.Clocks.TimeHold);
        Assert.Equal(TimeHold.Of(new TimeOrder(4, IsAtRest: true, 1_000)), group.Clocks.TimeHold);
        Assert.Equal(golden, group.TakeSnapshot());
    }

    [Fact]
    public void The_ticks_of_format_3()
    {
        var content = EventCodec.Read(Golden("event-3-ticks", Samples.EventOfClaims()));
        Assert.Equal(Samples.TicksOfFormat3, content.Ticks);
    }

    [Fact]
    public void A_snapshot_of_version_6_with_its_chunks()
    {
        using var capture = Samples.Group().Capture();
        var (manifest, chunks) = SnapshotCaptureTests.Written(capture, 100);
        Assert.Equal(2, chunks.Count);
        var golden = chunks.Select((chunk, i) => Golden($"snapshot-2-chunk-{i}", chunk)).ToArray();
        AssertRestores(Golden("snapshot-6", manifest), golden, Incarnations.One.ToString());
    }

    [Fact]
    public void A_snapshot_of_version_2_with_its_chunks()
    {
        AssertRestores(Golden("snapshot-2"), [Golden("snapshot-2-chunk-0"), Golden("snapshot-2-chunk-1")]);
    }

    static void AssertRestores(byte[] bytes, byte[][] chunks, string incarnation = "journal")
    {
        var group = new KeyGroup(5, Samples.Restorable, Incarnations.OnlyOne, _ => new TestRowWriter(), new KeyGroupLimits());
        Assert.True(group.Restore(bytes, i => chunks[i]));
        Assert.Equal((3, incarnation, 1), (group.Sequence, group.IncarnationText, group.LastConfirmed));
        Assert.True(group.History.Holds(new EventId(Incarnation.Of(incarnation), 3), 3));
        Assert.Equal(["l1+r1 Matched"], TestKeyGroup.Read(Assert.Single(group.Unconfirmed).Bytes));
        AssertPositions(group.OutputsFrom);
        Assert.Equal((150, 120), (group.State!.Watermarks.Left, group.State.Watermarks.Right));
        Assert.Equal(9, group.Clocks.AppliedOffset(new PartitionId(Side.Left, 0, 1)));
        Assert.Equal((4, 1, 1, 1, 1), Fates(group));
        group.FormatVersion = 1;
        Assert.Equal(Golden("snapshot-1-by-side").Length + (2 * (incarnation.Length - "journal".Length)), group.TakeSnapshot().Length);
    }

    [Theory]
    [InlineData("", 0x2D06800538D394C2UL)]
    [InlineData("a", 0xE6C632B61E964E1FUL)]
    [InlineData("key", 0xBBEA0D63A05165E3UL)]
    [InlineData("[\"member-1\",\"title-17\"]", 0x0B3DE9F60418F657UL)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789", 0x2B476D154B2D122CUL)]
    public void The_hash_of_a_key_never_changes(string key, ulong hash) => Assert.Equal(hash, KeyHash.Of(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public void The_hash_of_a_long_key_never_changes() => Assert.Equal(0xD33DD80B46F60E50UL, KeyHash.Of(Enumerable.Range(0, 1_000).Select(i => (byte)i).ToArray()));

    [Theory]
    [InlineData(0x0000_0000_FFFF_FFFFUL, 16, 0)]
    [InlineData(0x0FFF_FFFF_0000_0000UL, 16, 0)]
    [InlineData(0x1000_0000_0000_0000UL, 16, 1)]
    [InlineData(0xFFFF_FFFF_0000_0000UL, 16, 15)]
    [InlineData(0xFFFF_FFFF_FFFF_FFFFUL, 1, 0)]
    [InlineData(0x8000_0000_0000_0000UL, 7, 3)]
    [InlineData(0x2D06800538D394C2UL, 128, 22)]
    public void The_upper_half_of_the_hash_chooses_the_group(ulong hash, int groups, int group) => Assert.Equal(group, KeyHash.Group(hash, groups));

    static void AssertPositions(OutputPositions? positions)
    {
        Assert.Equal(Samples.Positions.Topics, positions?.Topics);
        Assert.Equal(Samples.Positions.Rows, positions?.Rows);
        Assert.Equal(Samples.Positions.Late, positions?.Late);
    }

    static (long Received, long Matched, long Unmatched, long Late, long Waiting) Fates(KeyGroup group)
    {
        var ledger = group.State!.Ledger(Side.Left);
        return (ledger.Received, ledger.Matched, ledger.Unmatched, ledger.Late, ledger.Waiting);
    }

    // Reads a golden file, which is hexadecimal text, and checks that the program of today writes the same.
    static byte[] Golden(string name, byte[] written)
    {
        var file = FileOf(name);
        if (!File.Exists(file) && Environment.GetEnvironmentVariable("AKKAJOIN_WRITE_GOLDEN") == "1")
            File.WriteAllLines(file, written.Chunk(48).Select(Convert.ToHexStringLower));
        var golden = Golden(name);
        Assert.Equal(golden, written);
        return golden;
    }

    static byte[] Golden(string name) => Convert.FromHexString(string.Concat(File.ReadLines(FileOf(name))));

    static string FileOf(string name, [CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "..", "Golden", name + ".hex");
}
