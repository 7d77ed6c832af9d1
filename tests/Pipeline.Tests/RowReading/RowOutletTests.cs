using System.Text;
using Akka.Actor;
using Akka.Streams.Dsl;
using Akka.Streams.TestKit;
using AkkaJoin.Pipeline.RowReading;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Outputs;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Pipeline.Tests.RowReading;

/// <summary>
/// Rows for a reader in the application: what it has not confirmed comes again, and holds back its key group.
/// </summary>
public sealed class RowOutletTests : KafkaTest
{
    static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(100);
    readonly RowOutlet _outlet = new("j", new OutputSettings { Topic = "o", LateTopic = "l", DeadLetterTopic = "d" });
    readonly List<OutputEvent> _late = [];

    public RowOutletTests(ITestOutputHelper output)
        : base(output)
    {
    }

    [Fact]
    public void A_row_carries_what_it_would_carry_in_Kafka()
    {
        var reader = Read();
        Write(7, RowKind.Unmatched);
        var row = reader.RequestNext();
        Assert.Equal(("inc-3-7-0", "unmatched", 1000L), (row.Id, row.Kind, row.Time.ToUnixTimeMilliseconds()));
        Assert.Equal(("k", "v7.0"), (Text(row.Key), Text(row.Value)));
        Assert.Equal(
            ["akkajoin-id=inc-3-7-0", "akkajoin-join=j", "akkajoin-row=unmatched"],
            row.Headers.Select(header => $"{header.Key}={Text(header.Value)}"));
    }

    [Fact]
    public void An_event_is_confirmed_when_all_of_its_rows_are_and_once()
    {
        var reader = Read();
        Write(1, RowKind.Matched, RowKind.LateJoined);
        var (first, second) = (reader.RequestNext(), reader.RequestNext());
        first.Confirm();
        first.Confirm();
        ExpectNoMsg(Silence);
        second.Confirm();
        Assert.Equal(new OutputConfirmed("inc", 1), ExpectMsg<OutputConfirmed>());
        second.Confirm();
        ExpectNoMsg(Silence);
    }

    [Fact]
    public void It_knows_for_how_long_the_oldest_event_has_waited_for_the_reader()
    {
        Assert.Equal(new UnreadRows(0, 0, HasReader: false), Waiting());
        Write(1, RowKind.Matched);
        Write(2, RowKind.Matched, RowKind.LateRecord);
        Assert.Equal((2, false), (Waiting().Events, Waiting().HasReader));
        Assert.InRange(Waiting().OldestWaitsMs, 60_000, 120_000);
        var reader = Read();
        var (first, second) = (reader.RequestNext(), reader.RequestNext());
        second.Confirm();
        Assert.Equal((1, true), (Waiting().Events, Waiting().HasReader));
        Assert.InRange(Waiting().OldestWaitsMs, 60_000, 120_000);
        Assert.Equal((0, 0), (Waiting(runsHere: false).Events, Waiting(runsHere: false).OldestWaitsMs));

        // The late copies of the second are on their way to Kafka: nobody waits for the reader.
        first.Confirm();
        Assert.Equal((0, 0), (Waiting().Events, Waiting().OldestWaitsMs));

        UnreadRows Waiting(bool runsHere = true) => _outlet.Unread(Environment.TickCount64 + 60_000, _ => runsHere);
    }

    [Fact]
    public void Rows_come_in_their_order_and_none_without_demand()
    {
        Write(1, RowKind.Matched);
        var reader = Read();
        Write(2, RowKind.Matched, RowKind.Matched);
        reader.ExpectNoMsg(Silence);
        Assert.Equal("v1.0", Text(reader.RequestNext().Value));
        Assert.Equal("v2.0", Text(reader.RequestNext().Value));
        Assert.Equal("v2.1", Text(reader.RequestNext().Value));
        reader.Request(1);
        reader.ExpectNoMsg(Silence);
        Write(3, RowKind.Matched);
        Assert.Equal("v3.0", Text(reader.ExpectNext().Value));
    }

    [Fact]
    public async Task The_next_reader_gets_what_was_not_confirmed_with_the_same_ids_and_no_more()
    {
        var first = Read();
        Write(1, RowKind.Matched);
        Write(2, RowKind.Matched, RowKind.Matched);
        Write(3, RowKind.Matched);
        var (row1, row20, row21) = (first.RequestNext(), first.RequestNext(), first.RequestNext());
        row1.Confirm();
        row21.Confirm();
        var second = await NextAsync(first);
        var again = second.RequestNext();
        Assert.Equal(row20.Id, again.Id);
        Assert.Equal("v3.0", Text(second.RequestNext().Value));

        // The old reader may still confirm what it got: it is the same row.
        row20.Confirm();
        Assert.Equal([1, 2], new[] { ExpectMsg<OutputConfirmed>().Sequence, ExpectMsg<OutputConfirmed>().Sequence });
        again.Confirm();
        ExpectNoMsg(Silence);
    }

    [Fact]
    public void Two_readers_at_a_time_are_refused()
    {
        Read();
        var second = _outlet.Source().RunWith(this.SinkProbe<JoinedRow>(), Materializer);
        Assert.IsType<InvalidOperationException>(second.ExpectSubscriptionAndError());
    }

    [Fact]
    public void A_key_group_that_was_started_again_is_answered_for_rows_that_the_reader_has_already()
    {
        var reader = Read();
        Write(1, RowKind.Matched);
        var row = reader.RequestNext();
        var probe = CreateTestProbe();
        _outlet.Write(Event(1, probe.Ref, RowKind.Matched), _late.Add);
        reader.Request(1);
        reader.ExpectNoMsg(Silence);
        row.Confirm();
        probe.ExpectMsg(new OutputConfirmed("inc", 1));
        ExpectNoMsg(Silence);
    }

    [Fact]
    public void Late_copies_go_to_Kafka_and_an_event_waits_for_both()
    {
        var reader = Read();
        Write(1, RowKind.LateRecord, RowKind.Repaired);
        Write(2, RowKind.IdConflict);
        Assert.Equal([1, 2], _late.Select(e => e.Sequence));
        Assert.Equal([1], _late[0].Written!);
        Assert.Empty(_late[1].Written!);
        reader.RequestNext().Confirm();
        ExpectNoMsg(Silence);
        _late[1].Confirm();
        Assert.Equal(2, ExpectMsg<OutputConfirmed>().Sequence);
        _late[0].Confirm();
        Assert.Equal(1, ExpectMsg<OutputConfirmed>().Sequence);
    }

    [Fact]
    public void The_stream_ends_with_the_outputs_after_the_rows_that_wait()
    {
        Write(1, RowKind.Matched);
        _outlet.Close();
        var reader = Read();
        reader.RequestNext();
        reader.Request(1);
        reader.ExpectComplete();
    }

    TestSubscriber.Probe<JoinedRow> Read()
    {
        var probe = _outlet.Source().RunWith(this.SinkProbe<JoinedRow>(), Materializer);
        probe.EnsureSubscription();
        return probe;
    }

    // The old stream gives the rows free when it has ended.
    async Task<TestSubscriber.Probe<JoinedRow>> NextAsync(TestSubscriber.Probe<JoinedRow> old)
    {
        old.Cancel();
        TestSubscriber.Probe<JoinedRow>? next = null;
        await Poll.UntilAsync(() => TryRead(out next), "the old reader has ended");
        return next!;
    }

    bool TryRead(out TestSubscriber.Probe<JoinedRow>? probe)
    {
        var reader = new object();
        probe = null;
        try
        {
            _outlet.Attach(reader);
        }
        catch (InvalidOperationException)
        {
            return false;
        }

        _outlet.Detach(reader);
        probe = Read();
        return true;
    }

    void Write(long sequence, params RowKind[] kinds) => _outlet.Write(Event(sequence, TestActor, kinds), _late.Add);

    static OutputEvent Event(long sequence, IActorRef replyTo, params RowKind[] kinds)
    {
        var bytes = new OutputBytes();
        for (var i = 0; i < kinds.Length; i++)
            bytes.Add(kinds[i], 1000, "k"u8.ToArray(), Encoding.UTF8.GetBytes($"v{sequence}.{i}"));
        return new OutputEvent(3, "inc", sequence, bytes.ToArray(), replyTo);
    }

    static string Text(ReadOnlyMemory<byte>? bytes) => Encoding.UTF8.GetString(bytes!.Value.Span);
}
