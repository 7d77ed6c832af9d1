namespace AkkaJoin.Host.Chaos;

/// <summary>
/// The faults of a run, from its seed alone. Pure. Of ten faults in a row six are kills, two freezes, one a stop, and
/// one hits the broker or the database in turn (where neither is ours, it is another stop).
/// </summary>
static class FaultPlan
{
    /// <summary>
    /// Runs this long or longer have one freeze of about a minute, far beyond every session time-out. Seconds.
    /// </summary>
    internal const double LongRunSeconds = 300;

    /// <summary>The time for the first nodes to come up in, seconds.</summary>
    internal const double WarmUpSeconds = 3;

    const double FreezeMinSeconds = 2, FreezeMaxSeconds = 25, LongFreezeSeconds = 60;
    const int DeckSize = 10;
    const int EarlyPercent = 20;

    /// <summary>Makes the plan, in the order of time.</summary>
    internal static IReadOnlyList<Fault> Make(FaultPlanRequest request)
    {
        var random = new Random(Mix(request.Seed, request.Part));
        var count = Math.Max(1, (int)Math.Ceiling(request.Seconds / 60 * request.PerMinute));
        var slot = Math.Max(0, request.Seconds - WarmUpSeconds) / count;
        var frozenUntil = new double[request.Nodes];
        var deck = new Queue<FaultKind>();
        var faults = new List<Fault>(count);
        var longFreeze = request.Seconds >= LongRunSeconds;
        for (var i = 0; i < count; i++)
        {
            if (deck.Count == 0)
                deck = Deck(random, request, i / DeckSize);
            var at = WarmUpSeconds + ((i + 0.1 + (0.6 * random.NextDouble())) * slot);
            var fault = Next(random, request, deck.Dequeue(), at, slot, frozenUntil);
            if (longFreeze && fault.Kind == FaultKind.Freeze && at > request.Seconds / 3)
            {
                fault = fault with { FrozenSeconds = LongFreezeSeconds };
                longFreeze = false;
            }

            if (fault.Kind == FaultKind.Freeze)
                frozenUntil[fault.Node] = at + fault.FrozenSeconds;
            faults.Add(fault);
        }

        if (longFreeze)
            faults[^1] = new Fault(faults[^1].AtSeconds, FaultKind.Freeze, faults[^1].Node, LongFreezeSeconds);
        return faults;
    }

    static Fault Next(Random random, FaultPlanRequest request, FaultKind kind, double at, double slot, double[] frozenUntil)
    {
        // A frozen node cannot be stopped, and killing it shows nothing that killing it awake does not. With one node
        // the next fault waits.
        var awake = Enumerable.Range(0, request.Nodes).Where(n => frozenUntil[n] <= at).ToArray();
        var node = awake.Length > 0 ? awake[random.Next(awake.Length)] : random.Next(request.Nodes);
        var longest = request.Nodes > 1 ? FreezeMaxSeconds : Math.Clamp(1.5 * slot, FreezeMinSeconds, FreezeMaxSeconds);
        var frozen = FreezeMinSeconds + (random.NextDouble() * (longest - FreezeMinSeconds));
        var early = random.Next(100) < EarlyPercent;
        return new Fault(at, kind, node, kind == FaultKind.Freeze ? frozen : 0, early && kind == FaultKind.Kill);
    }

    // A shuffled deck, not dice: a short run has its kills too.
    static Queue<FaultKind> Deck(Random random, FaultPlanRequest request, int number)
    {
        FaultKind[] cards =
        [
            .. Enumerable.Repeat(FaultKind.Kill, 6), .. Enumerable.Repeat(FaultKind.Freeze, 2), FaultKind.Stop, Special(request, number),
        ];
        random.Shuffle(cards);
        return new Queue<FaultKind>(cards);
    }

    static FaultKind Special(FaultPlanRequest request, int number)
    {
        var ours = new List<FaultKind>();
        if (request.Kafka)
            ours.Add(FaultKind.KafkaKill);
        if (request.Postgresql)
            ours.Add(FaultKind.PostgresqlKill);
        if (request.Kafka && request.Postgresql)
            ours.Add(FaultKind.KafkaKill);
        if (request.Postgresql)
            ours.Add(FaultKind.PostgresqlCrash);
        return ours.Count == 0 ? FaultKind.Stop : ours[(int)((uint)(number + request.Seed) % (uint)ours.Count)];
    }

    // The runtime's own hash differs from process to process.
    static int Mix(int seed, int part) => unchecked((seed * 397) ^ (part * 7_919));
}

/// <summary>What a <see cref="FaultPlan"/> is made of.</summary>
/// <param name="Seed">The same seed gives the same faults.</param>
/// <param name="Seconds">How long the run is to last.</param>
/// <param name="PerMinute">Faults a minute.</param>
/// <param name="Nodes">The number of nodes.</param>
sealed record FaultPlanRequest(int Seed, double Seconds, double PerMinute, int Nodes)
{
    /// <summary>How often the run was resumed: each part has faults of its own.</summary>
    internal int Part { get; init; }

    /// <summary>Whether the broker is ours to kill.</summary>
    internal bool Kafka { get; init; }

    /// <summary>Whether the database is ours to kill.</summary>
    internal bool Postgresql { get; init; }
}
