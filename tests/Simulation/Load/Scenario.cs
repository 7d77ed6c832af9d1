using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Tests.Oracle;

namespace AkkaJoin.Simulation.Load;

/// <summary>What a seed chooses: the join, the cluster, the logs, the limits, and which faults there are.</summary>
sealed class Scenario
{
    // Incarnations of one key group against each other, and nothing else.
    static readonly Fault[] Contention = [Fault.Double, Fault.KeyGroupCrash, Fault.SlowJournal];

    // Incarnations of one key group after each other, and acknowledgements in any order.
    static readonly Fault[] Restarts = [Fault.SlowPartition, Fault.KeyGroupCrash, Fault.JournalFailures];

    // A group that has no offsets yet, and cannot commit where it begins.
    static readonly Fault[] Beginnings = [Fault.CommitFailures, Fault.NodeCrash, Fault.SessionLost, Fault.Rebalance];

    // Under which rows are written once where the tail is looked at.
    static readonly Fault[] WithoutDoubles =
    [
        Fault.KeyGroupCrash, Fault.NodeCrash, Fault.Rebalance, Fault.SessionLost, Fault.BrokerRestart, Fault.JournalFailures, Fault.SlowJournal,
        Fault.CommitFailures, Fault.StaleOffsets,
    ];

    // One seed of so many.
    const int SelfJoinEach = 8;

    // Of so many seeds this one repairs rows of records that come late.
    const int RepairEach = 5, RepairSeed = 2;

    // Of so many seeds this one has time wait at jumps.
    const int JumpEach = 16, JumpSeed = 5;

    // Of so many seeds in this one people ask something of the join.
    const int RestEach = 8, RestSeed = 3;

    // Fewer witnesses than in life, where a partition has more records.
    const int WitnessesMin = 3;

    // How long partitions are silent at least where worlds lean to that.
    const int SilentMsMin = 100;

    // How long things go on going wrong where worlds lean to that.
    const int AftermathMs = 1_500;

    internal Scenario(int seed, Leaning leaning = Leaning.None)
    {
        Seed = seed;
        Leaning = leaning;
        Random = new Random(seed);
        Incarnations = AkkaJoin.Shards.Tests.Oracle.Incarnations.Of(new Random(~seed));
        Exact = Random.Next(3) > 0 && !leaning.HasFlag(Leaning.Repair);
        LoadMs = Random.Next(800, 3_500);
        Nodes = Random.Next(2, 5);
        var counts = new[] { Random.Next(2, 7), Random.Next(2, 7) };
        if (Random.Next(2) == 0)
            counts = [2, 2];
        IsSelfJoin = seed % SelfJoinEach == 0;
        if (IsSelfJoin)
            counts[1] = counts[0];
        Partitions = [.. Enumerable.Range(0, counts[0] + counts[1]).Select(i =>
            i < counts[0] ? new PartitionId(Side.Left, 0, i) : new PartitionId(Side.Right, 0, i - counts[0]))];
        SourcePartitions = [.. Partitions.Where(p => p == SourceOf(p))];
        Counts = counts;
        var scale = Random.Next(3) == 0 ? 100 : 1;
        var definition = Definitions.Random(Random, Random.Next(4) == 0, scale);
        if (seed % RepairEach == RepairSeed || leaning.HasFlag(Leaning.Repair))
            definition = Definitions.Repairing(definition, new Random(seed + RepairEach), scale);
        if (IsSelfJoin)
            definition = definition with { Right = definition.Right with { Topic = definition.Left.Topic } };
        var adds = Random.Next(8) == 0;
        CountsAtBeginning = adds ? [Random.Next(1, counts[0] + 1), Random.Next(1, counts[1] + 1)] : counts;
        if (IsSelfJoin)
            CountsAtBeginning[1] = CountsAtBeginning[0];

        // Of its own, so that a seed's other choices are what they were. What comes after a silence may be late.
        var idle = new Random(seed * 31);
        definition = definition with
        {
            Idle = idle.Next(6) switch { < 3 => IdlePolicy.Wait, 3 => IdlePolicy.Exclude, _ => IdlePolicy.WallClock },
            IdleTimeoutMs = idle.Next(20, 400),
        };
        if (leaning.HasFlag(Leaning.Silence))
            definition = definition with { Idle = IdlePolicy.WallClock, IdleTimeoutMs = Math.Min(definition.IdleTimeoutMs, SilentMsMin) };
        Exact &= definition.Idle == IdlePolicy.Wait;
        ClockOffsetMs = idle.Next(3) == 0 ? 0 : idle.Next(0, 100_000);
        ClockSkewMs = idle.Next(3) == 0 ? idle.Next(0, 30) : 0;

        // A partition that is added begins at the time that its side has reached: what it holds may be late.
        Exact &= !adds;
        var jumps = seed % JumpEach == JumpSeed || leaning.HasFlag(Leaning.Jumps) ? new Random(seed + JumpEach) : null;
        Streams = new Streams(Random, Exact, definition.Left.Deduplicates, scale, SourcePartitions, IsAdded, LoadMs)
        {
            Jumps = jumps,
            JumpsInARowMax = WitnessesMin - 1,
        };
        Streams.Write(SourcePartitions);
        if (leaning.HasFlag(Leaning.Silence))
            Streams.FallSilent(new Random(seed * 37), SilentMsMin);
        if (IsSelfJoin)
            Streams.Mirror();
        if (jumps is not null)
        {
            definition = definition with { MaxJumpMs = jumps.Next(1, 60) * scale };

            // What a silence bears out makes others late.
            var silenceMs = Exact ? int.MaxValue : jumps.Next(20, 200);
            Jumps = new JumpLimit(definition.MaxJumpMs.Value, silenceMs) { WitnessesMin = WitnessesMin };
        }

        Definition = definition with { KeyGroups = Random.Next(4) == 0 ? Random.Next(1, 9) : Random.Next(1, 4), MaxOutOfOrdernessMs = Streams.MaxOutOfOrdernessMs };
        Flow = new FlowSettings
        {
            LingerMs = Random.Next(4, 40),
            IsLingerAdaptive = Random.Next(2) == 0,
            BatchBytesMax = Random.Next(200, 1_200),
            GroupInFlightMax = Random.Next(1, 4),
            PartitionInFlightBytesMax = Random.Next(200, 3_000),
            ResendAfterMs = Random.Next(100, 600),
            TickIntervalMs = Random.Next(10, 100),
            CommitIntervalMs = Random.Next(20, 200),
        };
        Limits = new KeyGroupLimits(
            EventBytesMax: Random.Next(200, 3_000),
            PendingBytesMax: Random.Next(500, 10_000),
            UnconfirmedBytesMax: Random.Next(300, 10_000),
            SnapshotBytesMin: Random.Next(2) == 0 ? Random.Next(50, 400) : Random.Next(400, 3_000),
            SnapshotSegmentBytes: Random.Next(4) > 0 ? Random.Next(30, 200) : Random.Next(200, 3_000),
            RecoveryReadMax: Random.Next(3));
        PartBytesMax = Random.Next(3) == 0 ? Random.Next(100, 400) : int.MaxValue;
        MaxDriftMs = Random.Next(3) > 0 ? null : Random.Next(3) == 0 ? 0 : Random.Next(0, 30) * scale;
        AddedAtMs = adds ? Random.Next(0, LoadMs) : -1;
        Retention = Random.Next(4) > 0 ? Retention.None : Random.Next(6) > 0 ? Retention.OfWhatIsRead : Retention.OfWhatIsNot;
        Deduplicates = Random.Next(3) == 0;
        StartsAtEarliest = Random.Next(4) > 0;
        HasOffsets = Random.Next(2) == 0;
        Rests = seed % RestEach == RestSeed || leaning.HasFlag(Leaning.Rest);
        if (Rests)
            Limits = Limits with { WakeRowsMax = 1 + (seed / RestEach % 8) };
        Choose();
        Lean();

        // A cluster with a node of an older format refuses such a join.
        if (Definition.Late == LatePolicy.Repair || Jumps is not null)
            NewFormatAtMs = 0;
    }

    internal int Seed { get; }

    /// <summary>What it has beside what the seed chooses.</summary>
    internal Leaning Leaning { get; }

    /// <summary>Draws incarnations.</summary>
    internal Func<Incarnation> Incarnations { get; }

    /// <summary>The source of all chance in the run.</summary>
    internal Random Random { get; }

    /// <summary>Whether no record is late, so that the rows are those of the batch join exactly.</summary>
    internal bool Exact { get; }

    /// <summary>How long records arrive and things go wrong, ms.</summary>
    internal int LoadMs { get; private set; }

    internal int Nodes { get; }

    /// <summary>Whether both sides read one topic.</summary>
    internal bool IsSelfJoin { get; }

    /// <summary>The partitions as the join sees them: each once on its side.</summary>
    internal PartitionId[] Partitions { get; }

    /// <summary>The partitions as the broker sees them. In a self-join they bear the left side's names.</summary>
    internal IReadOnlyList<PartitionId> SourcePartitions { get; }

    /// <summary>Partitions per side.</summary>
    internal int[] Counts { get; }

    /// <summary>Partitions per side when the join begins.</summary>
    internal int[] CountsAtBeginning { get; }

    /// <summary>When the others come, ms; negative where there are none.</summary>
    internal int AddedAtMs { get; }

    /// <summary>How far a partition may be ahead of the slowest, ms; null = as far as it likes.</summary>
    internal long? MaxDriftMs { get; }

    /// <summary>What is deleted of the source logs.</summary>
    internal Retention Retention { get; private set; }

    /// <summary>
    /// Whether what was committed some commits ago is not deleted: a consumer may be told it, where offsets are stale.
    /// </summary>
    internal bool KeepsOldOffsets => !Leaning.HasFlag(Leaning.Retention);

    /// <summary>The database's clock when the run begins, ms: event times begin at 0.</summary>
    internal long ClockOffsetMs { get; }

    /// <summary>By how much the nodes' readings of the database's clock differ at most, ms.</summary>
    internal int ClockSkewMs { get; }

    internal JoinDefinition Definition { get; }

    internal Streams Streams { get; }

    /// <summary>What a jump of time is; null = nothing is one.</summary>
    internal JumpLimit? Jumps { get; }

    internal FlowSettings Flow { get; }

    internal KeyGroupLimits Limits { get; private set; }

    /// <summary>Whether people pause sides and let time rest.</summary>
    internal bool Rests { get; }

    /// <summary>The most bytes of a message that goes in one.</summary>
    internal int PartBytesMax { get; }

    /// <summary>Whether rows that are in the output topics are not written again.</summary>
    internal bool Deduplicates { get; }

    /// <summary>Whether no row may be there twice.</summary>
    internal bool DoublesNothing => Deduplicates && Faults.IsSubsetOf(WithoutDoubles);

    /// <summary>Where a partition without a committed offset begins: at its first record, or at its end.</summary>
    internal bool StartsAtEarliest { get; private set; }

    /// <summary>Whether the group has committed offsets when it begins.</summary>
    internal bool HasOffsets { get; private set; }

    /// <summary>The broker's name of a partition of a side.</summary>
    internal PartitionId SourceOf(PartitionId partition) => IsSelfJoin ? partition with { Side = Side.Left } : partition;

    /// <summary>What a partition of the broker is to the join: in a self-join two.</summary>
    internal IEnumerable<PartitionId> SidesOf(PartitionId source) => IsSelfJoin ? [source, source with { Side = Side.Right }] : [source];

    internal bool IsAdded(PartitionId partition) => partition.Partition >= CountsAtBeginning[(int)partition.Side];

    /// <summary>When the last node of an older format leaves, about; until then all write that. 0 = none.</summary>
    internal int NewFormatAtMs { get; private set; }

    /// <summary>The older format.</summary>
    internal byte OldFormat => Seed % 2 == 0 ? FormatVersions.Oldest : FormatVersions.Incarnations;

    internal HashSet<Fault> Faults { get; } = [];

    /// <summary>The mean time between two faults, ms.</summary>
    internal int FaultEveryMs { get; private set; }

    /// <summary>Whether the journal is rolled back also to when key groups did not know all partitions, nor the catalogue where the join began with them.</summary>
    internal bool RollsBackFar => Faults.Contains(Fault.Rollback) && Seed % 3 > 0;

    /// <summary>How often a message between nodes is lost, in thousandths; doubled and delayed likewise.</summary>
    internal int LostPerMille { get; private set; }

    void Choose()
    {
        if (Deduplicates && Random.Next(2) == 0)
        {
            FaultEveryMs = Random.Next(30, 300);
            Faults.UnionWith(Random.Next(2) == 0 ? [Fault.NodeCrash] : WithoutDoubles.Where(_ => Random.Next(3) > 0));
            return;
        }

        if (Random.Next(12) == 0)
        {
            (StartsAtEarliest, HasOffsets, FaultEveryMs) = (false, false, 20);
            Faults.UnionWith(Beginnings);
            return;
        }

        ChooseFaults();
        NewFormatAtMs = Random.Next(4) == 0 ? Random.Next(0, LoadMs) : 0;
        if (Random.Next(4) == 0)
            Faults.Add(Fault.Rollback);
        else
            Faults.Remove(Fault.Rollback);
    }

    void Lean()
    {
        if (Leaning.HasFlag(Leaning.Rollback))
            Faults.Add(Fault.Rollback);
        if (Leaning.HasFlag(Leaning.Aftermath))
            LoadMs += AftermathMs;
        if (Leaning.HasFlag(Leaning.CommitFailures))
            Faults.Add(Fault.CommitFailures);
        if (Leaning.HasFlag(Leaning.EarlyClose))
        {
            Faults.Add(Fault.SlowJournal);
            Limits = Limits with { EventBytesMax = 200, PendingBytesMax = 10_000 };
        }

        if (Leaning.HasFlag(Leaning.Retention))
        {
            Faults.Add(Fault.Freeze);
            Faults.Remove(Fault.StaleOffsets);
            Retention = Retention.OfWhatIsRead;
            FaultEveryMs = Math.Min(FaultEveryMs, 100);
        }
    }

    // Some kinds at a time: where everything goes wrong at once, little gets far enough to go wrong in an interesting way.
    void ChooseFaults()
    {
        FaultEveryMs = Random.Next(20, 200);
        if (Random.Next(3) == 0)
        {
            Faults.UnionWith(Random.Next(4) == 0 ? Restarts : Contention);
            return;
        }

        var likelihood = Random.Next(15, 80);
        foreach (var fault in Enum.GetValues<Fault>())
        {
            if (Random.Next(100) < likelihood)
                Faults.Add(fault);
        }

        LostPerMille = Faults.Contains(Fault.BadNetwork) ? Random.Next(1, 150) : 0;
    }
}
