using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Serialization;

namespace AkkaJoin.Shards.Journal;

/// <summary>
/// A key group as it was after one event, to be written as a snapshot on any thread while the group goes on. What can change is copied, what cannot is
/// referred to; the slabs' memory is held until it is disposed of.
/// </summary>
sealed class SnapshotCapture : IDisposable
{
    internal SnapshotCapture(KeyGroup group, IReadOnlyCollection<UnconfirmedOutputs> unconfirmed)
    {
        var join = group.Join ?? throw new InvalidOperationException("a snapshot before the first event");
        Sequence = group.Sequence;
        Writer = group.History.Last;
        HasHistory = group.FormatVersion >= FormatVersions.Incarnations;
        Head = SnapshotCodec.WriteHead(group, join);
        Unconfirmed = [.. unconfirmed];
        OutputsFrom = group.OutputsFrom;
        LeftLedger = join.Ledger(Side.Left);
        RightLedger = join.Ledger(Side.Right);
        Left = new SideCapture(join.Store(Side.Left));
        try
        {
            Right = new SideCapture(join.Store(Side.Right));
        }
        catch
        {
            Left.Dispose(); // or its slabs are held for good
            throw;
        }
    }

    /// <summary>The number of the event.</summary>
    internal long Sequence { get; }

    /// <summary>Who wrote the event; null where format 1 does not say.</summary>
    internal Incarnation? Writer { get; }

    /// <summary>Whether it names the incarnations; without them format 1 can read it.</summary>
    internal bool HasHistory { get; }

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
