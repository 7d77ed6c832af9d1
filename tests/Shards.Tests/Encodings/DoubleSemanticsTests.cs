using System.Buffers;
using System.Runtime.CompilerServices;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Encodings;

/// <summary>What was journaled while numbers were doubles is replayed with doubles, for ever.</summary>
public sealed class DoubleSemanticsTests
{
    static readonly JoinDefinition Definition = new()
    {
        Name = "doubles",
        Type = JoinType.Inner,
        BeforeMs = 0,
        AfterMs = 10,
        Where = WhereParser.Parse("left.h = right.h and left.x >= 0.1 and right.x < 100000000000000000001", ["h", "x"], ["h", "x"]).Condition,
        KeyGroups = 1,
        Left = new SourceDefinition("l", "", "k", "ts", "", "json", ["h", "x"]),
        Right = new SourceDefinition("r", "", "k", "ts", "", "json", ["h", "x"]),
    };

    [Fact]
    public void An_event_of_format_1_gives_the_rows_that_it_gave()
    {
        var golden = Golden("event-1-doubles"); // by a group whose journal had an id of its own
        Assert.Equal(1, golden[0]);
        Assert.Equal("left.h = right.h and left.x >= 0.1 and right.x < 1E+20", Where(EventCodec.Read(golden).Definition!));
        Assert.Equal(["l1+r1 Matched"], TestKeyGroup.Read(New().Apply(1, golden)));

        // In the next format the same records are told apart: 9223372036854775809 is not ...808, and x is below the bound.
        Assert.Empty(TestKeyGroup.Read(New().Apply(1, Event(format: 2))));
    }

    [Fact]
    public void A_definition_says_its_numbers_as_doubles_where_format_1_is_written_and_exactly_after_that()
    {
        var first = DefinitionCodec.Read(DefinitionCodec.Write(Definition, format: 1));
        Assert.Equal(1, DefinitionCodec.Write(Definition, format: 1)[0]);
        Assert.Equal(2, DefinitionCodec.Write(Definition)[0]);
        Assert.Equal(Definition.Where, DefinitionCodec.Read(DefinitionCodec.Write(Definition)).Where);
        Assert.NotEqual(Definition.Where, first.Where);
        Assert.Equal(first.Where, DefinitionCodec.WithDoubles(Definition).Where);
        Assert.Equal(DefinitionCodec.Write(first), DefinitionCodec.Write(Definition, format: 1));
    }

    [Fact]
    public void A_group_whose_definition_was_journaled_with_doubles_journals_it_exactly_once_the_format_allows_it()
    {
        var group = New();
        group.Apply(1, Event(format: 1));
        group.Recovered();
        group.Offer(new EndInput(0, 5_000, 5_000), this);
        var next = group.NextEvent()!;
        Assert.Equal(Definition.Where, EventCodec.Read(next).Definition?.Where);
        group.Apply(2, next);
        Assert.Equal(Definition.Where, group.Definition!.Where);
        group.Recovered();
        group.Offer(new EndInput(0, 6_000, 6_000), this);
        Assert.Null(EventCodec.Read(group.NextEvent()!).Definition);
    }

    [Theory]
    [InlineData("left.h not in (1)")]
    [InlineData("left.h is null")]
    [InlineData("left.h = 1 or not right.h = 1")]
    public void What_format_1_does_not_know_is_never_written_in_it(string where)
    {
        var definition = Definition with { Where = WhereParser.Parse(where, ["h", "x"], ["h", "x"]).Condition };
        Assert.True(DefinitionCodec.NeedsFormat2(definition));
        Assert.Throws<InvalidOperationException>(() => DefinitionCodec.Write(definition, format: 1));
        Assert.Equal(2, DefinitionCodec.Write(definition)[0]);
        Assert.Equal(definition.Where, DefinitionCodec.Read(DefinitionCodec.Write(definition)).Where);
        Assert.False(DefinitionCodec.NeedsFormat2(Definition));
    }

    static KeyGroup New() => new(0, Definition, Incarnations.OnlyOne, _ => new TestRowWriter(), new KeyGroupLimits());

    byte[] Event(byte format)
    {
        var group = New();
        group.FormatVersion = format;
        group.Recovered();
        group.Offer(new Deliver(0, [.. Batch(Side.Left, "l1", "9223372036854775809", format), .. Batch(Side.Right, "r1", "9223372036854775808", format)]), this);
        return group.NextEvent()!;
    }

    static byte[] Batch(Side side, string value, string h, byte format)
    {
        var fields = new ArrayBufferWriter<byte>();
        foreach (var number in new[] { h, "0.1" })
        {
            if (format == 1)
                TypedFields.WriteDouble(fields, double.Parse(number, System.Globalization.CultureInfo.InvariantCulture));
            else
                TypedFields.WriteNumber(fields, System.Text.Encoding.UTF8.GetBytes(number));
        }

        var writer = new RecordBatchWriter();
        writer.Begin(0);
        writer.Add(new NewRecord
        {
            Time = 100,
            KeyHash = KeyHash.Of("k"u8),
            Key = "k"u8,
            Value = System.Text.Encoding.UTF8.GetBytes(value),
            RecordKeyIsNull = true,
            Fields = fields.WrittenSpan,
        });
        return writer.End(side, 0, 0, 1, 1, 0, 0).ToArray();
    }

    static string Where(JoinDefinition definition) => WhereParser.Format(definition.Where!, definition.Left.Fields, definition.Right.Fields);

    static byte[] Golden(string name, [CallerFilePath] string source = "") =>
        Convert.FromHexString(string.Concat(File.ReadLines(Path.Combine(Path.GetDirectoryName(source)!, "..", "Golden", name + ".hex"))));
}
