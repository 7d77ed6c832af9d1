namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>
/// Why a join gives nothing, or less than expected, judged by a sample of both topics. The names of these records'
/// members are those of the JSON.
/// </summary>
/// <param name="Join">The join's name.</param>
/// <param name="Answer">One sentence.</param>
/// <param name="Causes">What may be the cause, the likeliest first; empty where nothing is wrong.</param>
/// <param name="Left">The left sample.</param>
/// <param name="Right">The right sample.</param>
/// <param name="Steps">How many records of each side get how far.</param>
/// <param name="Keys">The keys of both sides.</param>
/// <param name="Distances">How far records of one key lie apart; null where no key occurs on both sides.</param>
/// <param name="Where">The terms of <c>where</c>.</param>
/// <param name="Advice">What the sample says about the settings of time.</param>
sealed record JoinDiagnosis(
    string Join,
    string Answer,
    IReadOnlyList<Cause> Causes,
    SideReport Left,
    SideReport Right,
    IReadOnlyList<StepReport> Steps,
    KeyReport Keys,
    DistanceReport? Distances,
    IReadOnlyList<TermReport> Where,
    TimeAdvice Advice);

/// <summary>What may be the cause.</summary>
/// <param name="Code">Which cause.</param>
/// <param name="Weight">How much it explains, 0 to 1.</param>
/// <param name="Text">What was seen, in one sentence.</param>
/// <param name="Settings">The HOCON paths of the settings, one of which is to change; empty = no setting helps.</param>
/// <param name="Value">The new value, where the sample tells it.</param>
/// <param name="Todo">What to do.</param>
sealed record Cause(CauseCode Code, double Weight, string Text, IReadOnlyList<string> Settings, string? Value, string Todo);

/// <summary>The causes, in the order in which records meet them.</summary>
enum CauseCode
{
    /// <summary>A topic has no records.</summary>
    NoRecords,

    /// <summary>Event times are read in a wrong unit or format.</summary>
    TimeUnit,

    /// <summary>Records cannot be decoded.</summary>
    DeadLetters,

    /// <summary>The filter leaves records out.</summary>
    Filtered,

    /// <summary>Records have no key.</summary>
    NullKey,

    /// <summary>Keys differ in form.</summary>
    KeysDiffer,

    /// <summary>The topics are of different times.</summary>
    NoOverlap,

    /// <summary>One topic ends long before the other.</summary>
    SideEnds,

    /// <summary>Keys have nothing in common.</summary>
    KeysApart,

    /// <summary>Records of one key lie further apart than the window.</summary>
    OutsideWindow,

    /// <summary>The condition does not hold.</summary>
    WhereFalse,

    /// <summary>Records are late.</summary>
    Late,

    /// <summary>A partition holds time back.</summary>
    SilentPartition,
}

/// <summary>The sample of one side.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Records">Records read.</param>
/// <param name="Joined">Those that go to a key group.</param>
/// <param name="Filtered">Those that the filter leaves out.</param>
/// <param name="NullKeys">Those among the joined ones without a key.</param>
/// <param name="WithoutId">Those among the joined ones without an id; null where none is configured.</param>
/// <param name="DeadLetters">Those that cannot be decoded, by reason.</param>
/// <param name="Times">Their event times; null where none was read.</param>
/// <param name="End">Why there are no more.</param>
/// <param name="Partitions">By partition.</param>
/// <param name="Missing">The fields of <c>where</c> that joined records lack.</param>
/// <param name="Examples">Some records, as they are read.</param>
sealed record SideReport(
    string Topic,
    int Records,
    int Joined,
    int Filtered,
    long NullKeys,
    long? WithoutId,
    IReadOnlyDictionary<string, long> DeadLetters,
    TimeRange? Times,
    SampleEnd End,
    IReadOnlyList<PartitionReport> Partitions,
    IReadOnlyList<MissingField> Missing,
    IReadOnlyList<RecordExample> Examples);

/// <summary>Event times, ms since the epoch.</summary>
/// <param name="Oldest">The lowest but for one in two hundred, so that a stray time does not count.</param>
/// <param name="Median">The one in the middle.</param>
/// <param name="Newest">The highest but for one in two hundred.</param>
sealed record TimeRange(long Oldest, long Median, long Newest);

/// <summary>What was seen of a partition.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Start">The first offset that it has.</param>
/// <param name="End">The offset after its last record.</param>
/// <param name="From">The first offset of the sample.</param>
/// <param name="Records">Records of the sample.</param>
/// <param name="Newest">The highest event time, ms since the epoch; null = none was read.</param>
/// <param name="Disorder">How far records lie behind the highest time before them; null = no times.</param>
sealed record PartitionReport(int Partition, long Start, long End, long From, int Records, long? Newest, DisorderReport? Disorder);

/// <summary>How far records lie behind the highest event time that the partition had before them.</summary>
/// <param name="MaxMs">At most, ms.</param>
/// <param name="P99Ms">99 of 100 records at most so far, ms.</param>
/// <param name="Late">Records that lie behind by more than <c>max-out-of-orderness</c>.</param>
sealed record DisorderReport(long MaxMs, long P99Ms, int Late);

/// <summary>A field of <c>where</c> that records lack.</summary>
/// <param name="Field">Its path.</param>
/// <param name="Share">The share of the joined records in which it is missing or null.</param>
sealed record MissingField(string Field, double Share);

/// <summary>A record as it is read.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Reason">Why it is a dead letter, or null.</param>
/// <param name="Key">The key, or null.</param>
/// <param name="Time">The event time as ISO-8601, or null.</param>
/// <param name="Id">The id, or null.</param>
sealed record RecordExample(int Partition, long Offset, SampleFate Fate, string? Reason, string? Key, string? Time, string? Id);

/// <summary>How many records get so far.</summary>
/// <param name="Step">What they fulfil, and all before it.</param>
/// <param name="Left">Left records.</param>
/// <param name="Right">Right records.</param>
sealed record StepReport(string Step, int Left, int Right);

/// <summary>The keys of both sides.</summary>
/// <param name="Left">How many the left side has.</param>
/// <param name="Right">How many the right side has.</param>
/// <param name="Both">How many occur on both.</param>
/// <param name="NearMisses">Keys of one side alone that equal one of the other but for their form.</param>
/// <param name="OnlyLeft">Some that only the left side has.</param>
/// <param name="OnlyRight">Some that only the right side has.</param>
sealed record KeyReport(
    int Left, int Right, int Both, IReadOnlyList<NearMiss> NearMisses, IReadOnlyList<string> OnlyLeft, IReadOnlyList<string> OnlyRight);

/// <summary>Keys that differ in one manner.</summary>
/// <param name="Difference">In which.</param>
/// <param name="Keys">How many keys of the side with fewer of them.</param>
/// <param name="Examples">Some pairs.</param>
sealed record NearMiss(KeyDifference Difference, int Keys, IReadOnlyList<KeyPair> Examples)
{
    /// <summary>Of several: which, in the examples.</summary>
    public IReadOnlyList<KeyDifference> Several { get; init; } = [];
}

/// <summary>Two keys.</summary>
/// <param name="Left">Of the left side.</param>
/// <param name="Right">Of the right side.</param>
sealed record KeyPair(string Left, string Right);

/// <summary>
/// How far each record of the side with fewer records lies from the nearest one of its key: right time less left time.
/// </summary>
/// <param name="Of">"left" or "right": whose records are counted.</param>
/// <param name="Pairs">How many records.</param>
/// <param name="InWindow">How many find one within the window.</param>
/// <param name="MedianMs">The distance in the middle, ms.</param>
/// <param name="Histogram">How many lie how far apart.</param>
/// <param name="Shift">A distance that nearly all have; null = there is none.</param>
sealed record DistanceReport(
    string Of, int Pairs, int InWindow, long MedianMs, IReadOnlyList<DistanceBucket> Histogram, TimeShift? Shift);

/// <summary>Distances of [From, To).</summary>
/// <param name="FromMs">The lowest, ms.</param>
/// <param name="ToMs">Above the highest, ms.</param>
/// <param name="Pairs">How many.</param>
sealed record DistanceBucket(long FromMs, long ToMs, int Pairs);

/// <summary>A distance that many pairs have.</summary>
/// <param name="Ms">Right time less left time, ms.</param>
/// <param name="Share">The share of the pairs.</param>
/// <param name="IsTimeZone">Whether it is a number of whole or half hours, as time zones lie apart.</param>
sealed record TimeShift(long Ms, double Share, bool IsTimeZone);

/// <summary>
/// A term of <c>where</c>, over pairs within the window, or the nearest pairs where none is within it.
/// </summary>
/// <param name="Term">Its text.</param>
/// <param name="Pairs">How many pairs.</param>
/// <param name="Holds">In how many it holds.</param>
/// <param name="Fails">In how many it fails.</param>
/// <param name="Unknown">In how many it does neither: a field is missing, or its values cannot be compared.</param>
/// <param name="Example">The values of a pair for which it does not hold; null = it holds for all.</param>
sealed record TermReport(string Term, int Pairs, int Holds, int Fails, int Unknown, string? Example);

/// <summary>What the sample says about the settings of time.</summary>
/// <param name="MaxOutOfOrdernessMs">
/// The least <c>max-out-of-orderness</c> with which no record of it is late; null = no times.
/// </param>
/// <param name="BeforeMs">The least <c>before</c> that 99 of 100 pairs need; null = too few pairs.</param>
/// <param name="AfterMs">The least <c>after</c> that 99 of 100 pairs need; null = too few pairs.</param>
sealed record TimeAdvice(long? MaxOutOfOrdernessMs, long? BeforeMs, long? AfterMs);
