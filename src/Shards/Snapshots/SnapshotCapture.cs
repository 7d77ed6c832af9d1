using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Snapshots;

/// <summary>
/// A key group as it was after one event. Any thread can write it as a snapshot while the key group goes on. It copies
/// what can change and refers to what cannot. It keeps the memory of the slabs until it is disposed of.
/// </summary>
sealed class SnapshotCapture : IDisposable
{
    /// <param name="head">What the key group is, beside its records.</param>
    /// <param name="state">The buffered records.</param>
    /// <param name="formatVersion">
    /// The format to write; a program of format 1 cannot read names of incarnations.
    /// </param>
    internal SnapshotCapture(SnapshotHead head, JoinState state, byte formatVersion)
    {
        Sequence = head.Sequence;
        Writer = head.History.Last;
        HasHistory = formatVersion >= FormatVersions.Incarnations;
        HasClocks = formatVersion >= FormatVersions.JoinTime || head.Clocks.NeedJoinTime;
        HasHistory |= HasClocks;
        HasHold = head.Clocks.TimeHold.Number > 0;
        Head = SnapshotCodec.WriteHead(head, HasHistory, HasClocks, HasHold);
        Unconfirmed = [.. head.Unconfirmed];
        OutputsFrom = head.OutputsFrom;
        LeftLedger = head.Left;
        RightLedger = head.Right;
        Left = new SideCapture(state.Store(Side.Left));
        try
        {
            Right = new SideCapture(state.Store(Side.Right));
        }
        catch
        {
            Left.Dispose(); // or its slabs are never returned
            throw;
        }
    }

    /// <summary>The number of the event.</summary>
    internal long Sequence { get; }

    /// <summary>Who wrote the event; null where format 1 does not say.</summary>
    internal Incarnation? Writer { get; }

    /// <summary>Whether it names the incarnations; without them format 1 can read it.</summary>
    internal bool HasHistory { get; }

    /// <summary>
    /// Whether it says clocks and the sides' times; without them format 2 can read it. They are never left out where
    /// time would go back without them.
    /// </summary>
    internal bool HasClocks { get; }

    /// <summary>
    /// Whether it says whether time moves, and by which order. Then clocks and the sides' times are in it too.
    /// </summary>
    internal bool HasHold { get; }

    /// <summary>In the form of <see cref="SnapshotCodec.WriteHead"/>.</summary>
    internal byte[] Head { get; }

    internal IReadOnlyCollection<UnconfirmedOutputs> Unconfirmed { get; }

    internal OutputPositions? OutputsFrom { get; }

    internal SideLedger LeftLedger { get; }

    internal SideLedger RightLedger { get; }

    internal SideCapture Left { get; }

    internal SideCapture Right { get; }

    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
    }
}
