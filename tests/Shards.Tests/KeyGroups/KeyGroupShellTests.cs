using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.KeyGroups;

public sealed class KeyGroupShellTests
{
    readonly KeyGroupMemory _memory = new();
    readonly List<byte[]> _journal = [];

    [Fact]
    public void Rows_of_an_event_are_handed_out_again_though_those_of_a_later_one_were_acknowledged()
    {
        var first = Start();
        Send(first, 0);
        Send(first, 1);
        Assert.Equal([1, 2], first.Emitted);
        first.Shell.Receive(new OutputConfirmed(Incarnations.One.ToString(), 2), this);

        // It dies: the journal knows of neither.
        Assert.Equal([1, 2], Start().Emitted);
    }

    [Fact]
    public void Rows_that_the_process_knows_to_be_acknowledged_are_not_handed_out_again()
    {
        var first = Start();
        Send(first, 0);
        Send(first, 1);
        first.Shell.Receive(new OutputConfirmed(Incarnations.One.ToString(), 1), this);
        Assert.Equal([2], Start().Emitted);
    }

    [Fact]
    public void After_a_failure_nothing_is_taken_for_a_while_that_doubles_with_each()
    {
        var first = Start();
        first.Shell.PersistFailed(1, new InvalidOperationException());
        first.Shell.PersistFailed(1, new InvalidOperationException());
        var next = Start();
        Assert.Contains((ShellTimer.Resume, TimeSpan.FromMilliseconds(400)), next.Timers);
        Send(next, 0);
        Assert.Empty(_journal);
        next.Shell.Elapsed(ShellTimer.Resume);
        Send(next, 0);
        Assert.Single(_journal);
    }

    [Fact]
    public void What_one_recovery_missed_is_no_damage_when_another_one_misses_it_after_a_good_one()
    {
        (_memory.Hole, _memory.LostSnapshot) = (4, 3);
        Start();
        Assert.Equal((0, 0), (_memory.Hole, _memory.LostSnapshot));
    }

    [Fact]
    public void An_orderly_stop_waits_for_the_broker_and_for_the_journal_to_know()
    {
        var shell = Start();
        Send(shell, 0);
        shell.Shell.Receive(StopKeyGroup.Instance, this);
        Send(shell, 1);
        Assert.Null(shell.StoppedBy);
        shell.Shell.Receive(new OutputConfirmed(Incarnations.One.ToString(), 1), this);
        Assert.Null(shell.StoppedBy);
        shell.Persist();
        Assert.Equal(StopReason.Drained, shell.StoppedBy);
        Assert.Equal(2, _journal.Count);
    }

    [Fact]
    public void What_comes_while_the_last_event_is_written_brings_about_none_more()
    {
        var shell = Start();
        Send(shell, 0);
        shell.Shell.Receive(StopKeyGroup.Instance, this);
        shell.Shell.Receive(new OutputConfirmed(Incarnations.One.ToString(), 1), this);
        Assert.Equal(2, _journal.Count);
        shell.Shell.Elapsed(ShellTimer.Flush);
        shell.Shell.Receive(StopKeyGroup.Instance, this);
        shell.Persist();
        Assert.Equal(StopReason.Drained, shell.StoppedBy);
        Assert.Equal(2, _journal.Count);
    }

    [Fact]
    public void An_orderly_stop_gives_up_when_its_time_is_over()
    {
        var shell = Start();
        Send(shell, 0);
        shell.Shell.Receive(StopKeyGroup.Instance, this);
        shell.Shell.Elapsed(ShellTimer.GiveUp);
        Assert.Equal(StopReason.TimedOut, shell.StoppedBy);
    }

    ShellWorld Start() => new(_memory, _journal);

    // A record without a key, whose row comes out at once.
    void Send(ShellWorld world, long offset)
    {
        var record = new TestRecord("l" + offset, Side.Left, null, 100, Offset: offset);
        world.Shell.Receive(new Deliver(0, new TestBatch(Side.Left, 0, 1, offset, offset + 1, [record]).Encode()), this);
        world.Persist();
    }
}
