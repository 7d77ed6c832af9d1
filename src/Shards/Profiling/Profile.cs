namespace AkkaJoin.Shards.Profiling;

/// <summary>
/// CPU time by stage, of the whole process. Off until <see cref="Start"/>, and then a look at a flag is all it costs.
/// Pieces are measured whole (a chunk, a message, an event), never a record; of rows one in <see cref="RowsPerSample"/>
/// stands for the others.
/// </summary>
static class Profile
{
    /// <summary>Of so many rows one is measured.</summary>
    internal const int RowsPerSample = 16;

    // A line of the cache for each, so that threads do not push it to and fro.
    const int Stride = 16, Calibrations = 1_000;
    static readonly long[] Sums = new long[Enum.GetValues<ProfileStage>().Length * Stride];

    /// <summary>Whether a profile is taken.</summary>
    internal static bool IsOn { get; private set; }

    /// <summary>What reading the clock costs, within a span.</summary>
    internal static long ClockNs { get; private set; }

    /// <summary>Begins.</summary>
    internal static void Start()
    {
        ClockNs = 0;
        var least = long.MaxValue;
        for (var i = 0; i < Calibrations; i++)
        {
            var before = ThreadClock.NowNs;
            least = Math.Min(least, ThreadClock.NowNs - before);
        }

        ClockNs = Math.Max(0, least);
        Array.Clear(Sums);
        IsOn = true;
    }

    /// <summary>
    /// Measures until the span is disposed, on the same thread: <c>using var span = Profile.Measure(...)</c>.
    /// </summary>
    internal static ProfileSpan Measure(ProfileStage stage) => IsOn ? new ProfileSpan(stage, 1) : default;

    /// <summary>
    /// Measures one piece of a few that stands for <paramref name="weight"/> of them; 0 = this one is not measured.
    /// </summary>
    internal static ProfileSpan Sample(ProfileStage stage, int weight) => IsOn && weight > 0 ? new ProfileSpan(stage, weight) : default;

    /// <summary>Adds CPU time that was measured otherwise.</summary>
    internal static void Add(ProfileStage stage, long ns) => Interlocked.Add(ref Sums[(int)stage * Stride], ns);

    /// <summary>CPU time of a stage since the start.</summary>
    internal static TimeSpan Of(ProfileStage stage) =>
        TimeSpan.FromTicks(Volatile.Read(ref Sums[(int)stage * Stride]) / TimeSpan.NanosecondsPerTick);
}

/// <summary>
/// The stages between which a profile tells apart. What runs inside another stage counts for the inner one alone.
/// </summary>
enum ProfileStage
{
    /// <summary>The consumer's own thread: records from librdkafka into chunks.</summary>
    Consume,

    /// <summary>The router: decoding, hashing, records into batches, answers.</summary>
    Route,

    /// <summary>Batches into messages to key groups.</summary>
    Batch,

    /// <summary>Handing messages to the shard region; between nodes, up to the remoting.</summary>
    Transport,

    /// <summary>Key groups: checks, answers, confirmations.</summary>
    Accept,

    /// <summary>Events and snapshots into bytes; with SQLite, writing them too.</summary>
    Journal,

    /// <summary>The join.</summary>
    Apply,

    /// <summary>Rows as text.</summary>
    Render,

    /// <summary>Rows to the producer.</summary>
    Produce,

    /// <summary>Offsets.</summary>
    Commit,
}

/// <summary>A piece of work of one stage, on one thread, from its making to its disposal.</summary>
readonly ref struct ProfileSpan
{
    // CPU time of the spans that ended inside the one that is open on this thread: theirs, and not its own.
    [ThreadStatic]
    static long _innerNs;

    readonly ProfileStage _stage;
    readonly int _weight;
    readonly long _startNs;
    readonly long _outerInnerNs;

    internal ProfileSpan(ProfileStage stage, int weight)
    {
        _stage = stage;
        _weight = weight;
        _outerInnerNs = _innerNs;
        _innerNs = 0;
        _startNs = ThreadClock.NowNs;
    }

    /// <summary>Adds the piece to its stage. A span that was made while no profile was taken adds nothing.</summary>
    public void Dispose()
    {
        if (_weight == 0)
            return;
        var elapsed = Math.Max(0, ThreadClock.NowNs - _startNs - Profile.ClockNs) * _weight;
        Profile.Add(_stage, Math.Max(0, elapsed - _innerNs));
        _innerNs = _outerInnerNs + elapsed;
    }
}
