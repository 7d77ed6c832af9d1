using AkkaJoin.Cockpit.Live;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Join;
using Confluent.Kafka;
using Xunit;
using static AkkaJoin.Cockpit.Tests.Live.SampleJoin;

namespace AkkaJoin.Cockpit.Tests.Live;

public sealed class BoardReportsTests
{
    static readonly FatesReport Some = new(10, 10, 0, 0);

    [Fact]
    public void Each_partition_says_what_it_does_and_why()
    {
        var ends = Enumerable.Range(0, 6).ToDictionary(p => new TopicPartition("shown", p), p => (0L, p == 3 ? 150L : 100L));
        var board = Board(
            ends,
            Source("shown", 0, Side.Left, Some),
            Source("shown", 1, Side.Left, Some, heardAgoMs: 60_000),
            Source("shown", 2, Side.Left, Some) with { PausedBy = PauseReason.Alignment, PausedSinceMs = NowMs - 5_000 },
            Source("shown", 3, Side.Left, Some, heardAgoMs: 60_000),
            Source("shown", 4, Side.Left, Some) with { PausedBy = PauseReason.InFlightBytes, PausedByMemory = true });
        Assert.Equal(
            [
                (BoardState.Active, BoardReason.None), (BoardState.AtEnd, BoardReason.None), (BoardState.Paused, BoardReason.Alignment),
                (BoardState.Silent, BoardReason.Broker), (BoardState.Paused, BoardReason.Memory), (BoardState.NotRead, BoardReason.None),
            ],
            board.Partitions.Select(p => (p.State, p.Reason)));
        Assert.Equal([0, 0, 0, 50, 0, 100], board.Partitions.Select(p => p.Lag!.Value));
        Assert.Equal([0, 1_000, 2_000, 3_000, 4_000, null], board.Partitions.Select(p => p.BehindMs));
    }

    [Fact]
    public void Idle_finished_paused_and_at_its_log_s_end_are_four_states()
    {
        var silent = Source("shown", 0, Side.Left, Some, heardAgoMs: 60_000);
        var idle = silent with { IdleSinceMs = NowMs - 7_000 };
        var board = Board(
            null,
            silent,
            idle with { Partition = 1 },
            idle with { Partition = 2, PausedBy = PauseReason.Order, PausedSinceMs = NowMs - 3_000 },
            silent with { Partition = 3, IsFinished = true },
            Source("shown", 4, Side.Left, Some, heardAgoMs: 2_000) with { IdleSinceMs = NowMs - 1_000 });
        Assert.Equal(
            [
                (BoardState.AtEnd, 60_000), (BoardState.Idle, 7_000), (BoardState.Paused, 3_000), (BoardState.Finished, 60_000),
                (BoardState.Idle, 1_000),
            ],
            board.Partitions.Select(p => (p.State, NowMs - p.SinceMs!.Value)));
    }

    [Fact]
    public void The_side_names_who_holds_it_for_how_long_and_what_that_costs()
    {
        var board = Board(null, Source("shown", 0, Side.Left, Some), Source("shown", 1, Side.Left, Some));
        Assert.Equal(new BoardSide(Side.Left, "shown", NowMs - 61_000, 1, NowMs - 90_000, 5, 2_048), board.Left);
        Assert.Null(board.Right.WatermarkMs);
        Assert.Equal([false, true], board.Partitions.Select(p => p.HoldsBack));
    }

    [Fact]
    public void The_board_is_a_table_with_a_sentence_for_each_side()
    {
        using var output = new StringWriter();
        BoardText.Write(Board(null, Source("shown", 1, Side.Left, Some, heardAgoMs: 60_000)), output);
        Assert.Equal(
            """
            j at 2019-11-12T09:55:30.000Z
              left time is at 2019-11-12T09:54:29.000Z, held by shown/1 for 1 min 30 s: 5 records wait for it, 2.0 KiB of state
              right time has no watermark yet, held by played/0: 0 records wait for it, 2.0 KiB of state
              side  partition  node           watermark                 lag  behind  last record    state   for
              left  shown/1    10.0.0.1:4053  2019-11-12T09:54:29.000Z    0    0 ms  1 min 0 s ago  at end  1 min 0 s  <- holds time back
            missing: 10.0.0.2:4053: no answer within 2 s

            """.ReplaceLineEndings("\n"),
            output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Time_that_rests_is_said_before_all_else()
    {
        using var output = new StringWriter();
        var order = new FlowReport(3, "both sides are read; time rests", false, false, null, null, null) { IsAtRest = true };
        BoardText.Write(Board(null, Source("rest", 1, Side.Left, Some)) with { Asked = order }, output);
        Assert.Equal("  both sides are read; time rests", output.ToString().Split('\n')[1].TrimEnd());
    }

    static BoardReport Board(IReadOnlyDictionary<TopicPartition, (long Start, long End)>? ends, params SourceReport[] sources) =>
        new BoardReports(
            Settings(),
            [Group(0, default, new SideLedger { Waiting = 5 }, NowMs - 61_000)],
            [Reply(First, sources), Missing(Second)],
            ends,
            NowMs).Make();
}
