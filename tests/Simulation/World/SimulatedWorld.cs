using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Simulation.Broker;
using AkkaJoin.Simulation.Checks;
using AkkaJoin.Simulation.Journal;
using AkkaJoin.Simulation.Load;
using AkkaJoin.Simulation.Nodes;

namespace AkkaJoin.Simulation.World;

/// <summary>
/// A cluster, its journal and its broker, made of a seed, in one thread and in virtual time. The router, the key groups, the join and all
/// encodings are the real ones. Things go wrong while records arrive; then they stop going wrong, the world comes to rest, time is closed,
/// and the rows are judged.
/// </summary>
sealed class SimulatedWorld
{
    const int RestMs = 120_000;
    readonly HashSet<int> _closed = [];

    // When a key group was told last to close time.
    readonly long[] _closeSentAt;
    readonly RouteSide[][] _sides;

    // Whether a key group found its journal rolled back when time was to be closed.
    bool _fellBack;

    internal SimulatedWorld(Scenario scenario, Flaw flaw)
    {
        Scenario = scenario;
        _closeSentAt = [.. Enumerable.Repeat(long.MinValue / 2, scenario.Definition.KeyGroups)];
        Flaw = flaw;
        History = new History(Schedule);
        var (left, right) = (new RouteSide(Side.Left, 0, new TableDecoder('l', scenario.Streams.ByName)), new RouteSide(Side.Right, 0, new TableDecoder('r', scenario.Streams.ByName)));
        _sides = scenario.IsSelfJoin ? [[left, right], []] : [[left], [right]];
        FlushesAtEnd = Random.Next(2) == 0;
        ClosesEarly = Random.Next(2) == 0 || scenario.Leaning.HasFlag(Leaning.EarlyClose);
        ClosesAtLeast = !ClosesEarly && Random.Next(2) == 0;
        Groups = [.. Enumerable.Range(0, scenario.Definition.KeyGroups).Select(g => new KeyGroupRecord(this, g))];
        Journal = new JournalModel(this);
        Broker = new BrokerModel(this);
        Catalog = new CatalogModel(this);
        Consumers = new ConsumerGroup(this);
        Network = new Network(this);
        Nodes = [.. Enumerable.Range(0, scenario.Nodes).Select(n => new Node(this, n))];
        Sharding = new Sharding(this);
        Mishaps = new Mishaps(this);
        People = new People(this);
    }

    internal Scenario Scenario { get; }

    internal Flaw Flaw { get; }

    internal Random Random => Scenario.Random;

    internal Schedule Schedule { get; } = new();

    /// <summary>The clock of the journal's database, by which the join goes on every node, ms.</summary>
    internal long DatabaseClockMs => Scenario.ClockOffsetMs + Schedule.Now;

    internal History History { get; }

    internal JournalModel Journal { get; }

    internal CatalogModel Catalog { get; }

    internal BrokerModel Broker { get; }

    internal ConsumerGroup Consumers { get; }

    internal Network Network { get; }

    internal Node[] Nodes { get; }

    internal Sharding Sharding { get; }

    internal Mishaps Mishaps { get; }

    internal People People { get; }

    internal KeyGroupRecord[] Groups { get; }

    /// <summary>Whether things still go wrong.</summary>
    internal bool Faulty { get; private set; } = true;

    /// <summary>Whether the routers flush at the end, as in a bounded run, or ticks take their usual way.</summary>
    internal bool FlushesAtEnd { get; }

    /// <summary>Whether time is closed as soon as a key group has taken its last record in, journaled or not.</summary>
    internal bool ClosesEarly { get; }

    /// <summary>Whether time is closed, as in a bounded run, no further than the rows need that are held.</summary>
    internal bool ClosesAtLeast { get; }

    /// <summary>The place of a partition among all.</summary>
    internal int IndexOf(Shards.Batches.PartitionId partition) =>
        (partition.Side == Side.Left ? 0 : Scenario.Counts[0]) + partition.Partition;

    /// <summary>Whether something of a kind that this seed chose goes wrong now.</summary>
    internal bool Fails(Fault fault, int perMille) => Faulty && Scenario.Faults.Contains(fault) && Random.Next(1_000) < perMille;

    internal IReadOnlyList<RouteSide> SidesOf(string topic) => _sides[topic == "left" ? 0 : 1];

    /// <summary>Whether every node writes the newest format.</summary>
    internal bool IsUpgraded => Array.TrueForAll(Nodes, n => n.FormatVersion == FormatVersions.Newest);

    /// <summary>How often the journal was rolled back.</summary>
    internal int Rollbacks { get; private set; }

    /// <summary>
    /// From the first record to the verdict. Where records are deleted that nobody has read, or that a journal which was rolled back needs again, or the catalogue was rolled back to before it knew where the join
    /// began, a stop that says so is one too.
    /// </summary>
    internal void Run()
    {
        try
        {
            RunToEnd();
        }
        catch (JoinStoppedException e)
        {
            if (Catalog.HasForgotten && e.Message.Contains("does not know where the join began", StringComparison.Ordinal))
                History.Note(-1, -1, "the join stops, since nobody knows where it began");
            else if (Catalog.HasForgotten && e.Message.Contains("but the log begins at", StringComparison.Ordinal))
            {
                // Where the catalogue has no origin, key groups begin at 0. A router that still has the origin, since it was frozen, hears of
                // that first, or the partition was added.
                History.Note(-1, -1, "the join stops, since a partition may have held records before its log's first");
            }
            else if (Rollbacks > 0 && Scenario.Retention == Retention.OfWhatIsRead && SaysThatRecordsAreGone(e))
                History.Note(-1, -1, "the join stops, since records were deleted that the journal had before it was rolled back");
            else if (Scenario.Retention == Retention.OfWhatIsNot && SaysThatRecordsAreGone(e))
                History.Note(-1, -1, "the join stops, since records were deleted");
            else
                throw new SimulationException("the join stops: " + e.Message, e);
        }
    }

    static bool SaysThatRecordsAreGone(JoinStoppedException e) =>
        e.Message.Contains("but the log begins at", StringComparison.Ordinal)
            || e.Message.Contains("no longer holds", StringComparison.Ordinal);

    void RunToEnd()
    {
        if (Scenario.Retention != Retention.None)
            DeleteLater(Random.Next(3) == 0 ? 0 : Random.Next(0, Scenario.LoadMs));
        if (Scenario.AddedAtMs >= 0)
            Schedule.After(Scenario.AddedAtMs + Random.Next(0, 300), Consumers.Rebalance);
        foreach (var node in Nodes)
            node.Start();
        Mishaps.Begin();
        People.Begin();
        if (Scenario.RollsBackFar)
            Mishaps.RollBackFar();
        new Liar(this, Scenario.Seed).Begin();
        while (Schedule.Now < Scenario.LoadMs)
            Schedule.Step();
        Faulty = false;
        History.Note(-1, -1, "nothing goes wrong any more");
        Mishaps.Heal();
        People.LetGo();
        Rest(IsAtRest, "does not come to rest");

        // One that was overtaken and has not written since does not know yet.
        foreach (var group in Groups.Where(g => Shell(g.Number)!.Group.Sequence == g.Events.Count))
            group.CheckAgainstReplay(Shell(group.Number)!.Group);
        if (ClosesAtLeast)
            CloseAtLeast();
        Close(TimeLimits.Max, TimeLimits.Max);
        foreach (var group in Groups)
            group.CheckAgainstReplay(Shell(group.Number)!.Group);
        new Verdict(this).Judge();
    }

    /// <summary>A key group took records in.</summary>
    internal void Taken(SimulatedKeyGroup shell)
    {
        if (ClosesEarly && !_closed.Contains(shell.Number) && Groups[shell.Number].HasTakenAll(shell.Group))
            Close(shell);
    }

    /// <summary>
    /// An answer to <see cref="EndInput"/>. The one who closes time tells the routers of a journal that was rolled
    /// back.
    /// </summary>
    internal void Closed(object message)
    {
        if (message is InputEnded closed)
            _closed.Add(closed.Group);
        if (message is not KeyGroupFellBack fell)
            return;
        History.Note(-1, fell.Group, "does not end its input, since event {0} is lost", fell.Lost.Number);
        _fellBack = true;
        foreach (var node in Nodes)
            node.After(0, () => node.Router?.Receive(fell, node.Name));
    }

    /// <summary>The journal was rolled back, and with it that time was closed.</summary>
    internal void FellBack()
    {
        Rollbacks++;
        _closed.Clear();
    }

    internal void CrashNode(Node node)
    {
        if (!node.Alive)
            return;
        var member = node.Router?.Member;
        node.Crash();
        Sharding.Suspect(node);
        Schedule.After(Random.Next(300, 900), () => Expel(member));

        // What a dead producer sent may still come.
        Schedule.After(Scenario.DoublesNothing ? Random.Next(1, 300) : Random.Next(100, 1_500), () =>
        {
            if (!node.Alive)
                node.Start();
        });
    }

    internal SimulatedKeyGroup? Shell(int group) => Nodes[Sharding.Owners[group]].Shells[group];

    void Expel(Member? member)
    {
        if (member is not null)
            Consumers.Expel(member);
    }

    void Rest(Func<bool> isAtRest, string otherwise)
    {
        var until = Schedule.Now + RestMs;
        var next = 0L;
        while (true)
        {
            Schedule.Step();
            if (Schedule.Now < next)
                continue;
            next = Schedule.Now + 50;
            if (isAtRest())
                return;
            if (Schedule.Now > until)
                throw new SimulationException($"the world {otherwise}: {Describe()}");
        }
    }

    bool IsAtRest()
    {
        if (!Array.TrueForAll(Nodes, n => n is { Alive: true, Frozen: false, Downed: false }))
            return false;
        Sharding.Settle();
        return Schedule.Now >= Scenario.LoadMs + 500 && IsRead() && Scenario.SourcePartitions.All(Broker.IsCommitted)
            && Groups.All(g => Shell(g.Number) is { IsRunning: true, Group.Idle: true }) && (!Scenario.Rests || IsAwake());
    }

    // All is read, and applied as far as the routers know.
    bool IsRead() => Array.TrueForAll(Nodes, n => n is { Alive: true, Router.IsDone: true }) && Consumers.IsStable
        && Nodes.Sum(n => n.Router!.Partitions) == Scenario.SourcePartitions.Count;

    bool IsAwake()
    {
        var order = People.Order;
        return Groups.All(g => Shell(g.Number)!.Group.Clocks.TimeHold is { Kind: HoldKind.Awake } hold && !hold.IsBefore(order));
    }

    // As a bounded run does. After it nothing is held, so closing for good brings no row.
    void CloseAtLeast()
    {
        long left, right;
        do
        {
            Reopen();
            (left, right) = EndOfInput.Least([.. Groups.Select(g => Shell(g.Number)!.Group.Status(0))]);
            Close(left, right);
        }
        while (_fellBack);
        var rows = Broker.Outputs.Rows.Count;
        foreach (var group in Groups.Where(g => Shell(g.Number)!.Group.State?.LeastThatClose() is { } least && least != (SideWatermarks.None, SideWatermarks.None)))
            throw new SimulationException($"key group {group.Number} still holds rows after time was closed at {left}, {right}");
        Reopen();
        Close(TimeLimits.Max, TimeLimits.Max);
        if (Broker.Outputs.Rows.Count != rows)
            throw new SimulationException($"{Broker.Outputs.Rows.Count - rows} rows were held after time was closed at {left}, {right}");
    }

    void Reopen()
    {
        _fellBack = false;
        _closed.Clear();
        Array.Fill(_closeSentAt, long.MinValue / 2);
    }

    void DeleteLater(int ms) => Schedule.After(ms, () =>
    {
        var there = Scenario.SourcePartitions.Where(Broker.IsThere).ToList();
        var partition = there[Random.Next(there.Count)];
        if (Scenario.Retention == Retention.OfWhatIsRead)
            Broker.Delete(partition, Broker.LeastCommitted(partition));
        else if (Faulty)
            Broker.Delete(partition, Random.NextInt64(Broker.Start(partition), Broker.End(partition) + 1));
        if (Faulty)
            DeleteLater(Random.Next(20, 300));
    });

    void Close(SimulatedKeyGroup? shell, long left = TimeLimits.Max, long right = TimeLimits.Max)
    {
        if (shell is null || Schedule.Now - _closeSentAt[shell.Number] <= 500)
            return;
        _closeSentAt[shell.Number] = Schedule.Now;
        var basedOn = Nodes.Where(n => n.Alive).SelectMany(n => n.Router!.BasedOn(shell.Number)).Distinct();
        shell.Receive(new EndInput(shell.Number, left, right) { BasedOn = [.. basedOn] }, this);
    }

    void Close(long left, long right)
    {
        History.Note(-1, -1, "time is closed");
        Rest(() =>
        {
            foreach (var group in Groups.Where(g => !_closed.Contains(g.Number) && IsRead()))
                Close(Shell(group.Number), left, right);
            return _closed.Count == Groups.Length && Groups.All(g => Shell(g.Number) is { IsRunning: true, Group.Idle: true });
        }, "does not close time");
    }

    string Describe() => string.Join("; ", Nodes.Select(n => n.Describe())) + "; "
        + string.Join(
            "; ",
            Groups.Select(g => $"group {g.Number} on node {Sharding.Owners[g.Number]}: {Shell(g.Number)?.Describe() ?? "not started"}"))
        + $"; consumers stable: {Consumers.IsStable}";
}
