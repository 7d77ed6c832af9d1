using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>The causes that lie in one side alone.</summary>
sealed class SideCauses(SampleFindings findings, SampledSide side, SideReport report, UnitFinding? unit)
{
    // A partition whose time lies further back than this, and than ten times what is out of order, is silent.
    const long SilentMinMs = 3_600_000;

    string Of => $"{side.Name} records of {report.Topic}";

    internal IEnumerable<Cause> Find() => report.Records == 0
        ? [NoRecords()]
        : new[] { Unit(), DeadLetters(), Filtered(), NullKeys(), Late(), SilentPartition() }.OfType<Cause>();

    Cause NoRecords()
    {
        var isEmpty = side.Partitions.All(partition => partition.Start == partition.End);
        return new Cause(
            CauseCode.NoRecords,
            1,
            isEmpty ? $"the {side.Name} topic {report.Topic} has no records" : $"nothing was read of the {side.Name} topic {report.Topic}",
            [Path("topic")],
            null,
            isEmpty
                ? "see whether its producer runs, and whether the topic is the right one"
                : "ask for another time, or for more seconds");
    }

    Cause? Unit()
    {
        if (unit is null)
            return null;
        var better = TimeFormats.Name(unit.Better);
        var wrong = unit.Wrong is { } time ? $"as {TimeText.Iso(time)}" : "not at all";
        return new Cause(
            CauseCode.TimeUnit,
            0.98 * CauseFinder.LossOf(findings),
            $"the times of {Of} are read as {TimeFormats.Name(side.Source.TimeFormat)} and make no sense ({wrong}); as {better} they do "
                + $"({TimeText.Iso(unit.Right)})",
            [Path("time-format")],
            better,
            "set it, and begin a new journal if the join has already run with the wrong one");
    }

    Cause? DeadLetters()
    {
        var dead = report.DeadLetters.Where(reason => reason.Value > 0).OrderByDescending(reason => reason.Value).ToList();
        if (dead.Count == 0 || (unit is not null && IsOfTime(dead[0].Key)))
            return null;
        var count = dead.Sum(reason => reason.Value);
        var example = side.Counts.Examples.GetValueOrDefault(dead[0].Key, "");
        var (setting, path) = SettingOf(dead[0].Key);
        string[] settings = [.. setting is null ? [] : new[] { Path(setting) }, .. LimitOf(dead[0].Key)];
        return new Cause(
            CauseCode.DeadLetters,
            (double)count / report.Records,
            $"{N(count)} of {N(report.Records)} {Of} are dead letters: "
                + string.Join(", ", dead.Select(reason => $"{reason.Key} {N(reason.Value)}")) + (example.Length > 0 ? $" ({example})" : ""),
            settings,
            Nearest(path),
            FieldsText("name what the records have"));
    }

    Cause? Filtered()
    {
        if (report.Filtered == 0)
            return null;
        var share = (double)report.Filtered / (report.Filtered + report.Joined);
        var missing = side.Counts.Filter.Where(field => field.Missing * 2 > field.Records).Select(field => field.Field).ToList();
        return new Cause(
            CauseCode.Filtered,
            report.Joined == 0 ? 1 : 0.4 * share,
            $"the filter leaves out {N(report.Filtered)} of {N(report.Records)} {Of}"
                + (missing.Count == 0 ? "" : $"; '{string.Join("', '", missing)}' is missing in most of them"),
            [Path("filter")],
            null,
            FieldsText("see whether its fields and values are those of the records"));
    }

    Cause? NullKeys()
    {
        if (report.NullKeys == 0)
            return null;
        var paths = side.Source.KeyPaths;
        var what = paths.Count == 0 ? "their record key is null" : $"'{string.Join("' or '", paths)}' is missing or null";
        return new Cause(
            CauseCode.NullKey,
            (double)report.NullKeys / report.Joined,
            $"{N(report.NullKeys)} of {N(report.Joined)} {Of} have no key: {what}",
            [Path("key")],
            Nearest(paths.FirstOrDefault(path => !side.Counts.Fields.Contains(path))),
            FieldsText(paths.Count == 0 ? "name a field of the value" : "name fields that the records have"));
    }

    Cause? Late()
    {
        var disorders = report.Partitions.Select(partition => partition.Disorder).OfType<DisorderReport>().ToList();
        var late = disorders.Sum(disorder => disorder.Late);
        if (late == 0)
            return null;
        var isDropped = findings.Join.Late == LatePolicy.Drop;
        var most = disorders.Max(disorder => disorder.MaxMs);
        return new Cause(
            CauseCode.Late,
            (isDropped ? 1 : 0.3) * late / report.Records,
            $"{N(late)} of {N(report.Records)} {Of} lie behind the time of their partition by more than max-out-of-orderness "
                + $"({Durations.Show(findings.Join.MaxOutOfOrdernessMs)}), up to {Durations.Show(most)}, and are late"
                + (isDropped ? " and dropped" : ""),
            [CauseFinder.Path(findings.Join, "max-out-of-orderness")],
            Durations.Show(DistanceAnalysis.RoundUp(most)),
            "set it so that no record is late");
    }

    Cause? SilentPartition()
    {
        var newest = report.Partitions.Max(partition => partition.Newest);
        var limit = Math.Max(SilentMinMs, 10 * findings.Join.MaxOutOfOrdernessMs);
        var silent = report.Partitions.FirstOrDefault(partition => partition.Start == partition.End)
            ?? report.Partitions.FirstOrDefault(partition => newest - partition.Newest > limit);
        if (silent is null || newest is null)
            return null;
        var what = silent.Newest is { } time ? $"has nothing newer than {TimeText.Iso(time)}" : "has no records";
        var (becomes, todo) = OfIdle(hasRecords: silent.Newest is not null);
        return new Cause(
            CauseCode.SilentPartition,
            findings.Join is { Type: not JoinType.Inner, Idle: IdlePolicy.Wait } ? 0.6 : 0.1,
            $"partition {silent.Partition} of {report.Topic} {what} and {becomes}",
            [],
            null,
            "see whether its producer runs" + todo);
    }

    // What becomes of a partition that is silent, and what else than its producer helps.
    (string Becomes, string Todo) OfIdle(bool hasRecords)
    {
        var after = $"after idle.timeout ({Durations.Show(findings.Join.IdleTimeoutMs)})";
        return findings.Join.Idle switch
        {
            IdlePolicy.Wait => (
                "holds the time of its side: rows without a partner, and those of an attribution, wait for it",
                "; idle.policy = wall-clock lets time go on without it"),
            IdlePolicy.WallClock when hasRecords => (
                $"is idle {after}: its time goes on with the clock from where it stood, so rows without a partner, and those of an "
                    + "attribution, come as much later as it is behind",
                ""),
            IdlePolicy.WallClock => ($"holds the time of its side until it is idle {after}", ""),
            _ => ($"is left out of its side's time {after}: what it sends later with an older time is late", ""),
        };
    }

    static bool IsOfTime(string reason) =>
        reason is DeadLetterReasons.BadTime or DeadLetterReasons.TimeAhead or DeadLetterReasons.TimeBehind;

    (string? Setting, string? Path) SettingOf(string reason) => reason switch
    {
        DeadLetterReasons.MissingTime => ("time", side.Source.TimePath),
        DeadLetterReasons.BadTime => ("time-format", null),
        DeadLetterReasons.TimeAhead or DeadLetterReasons.TimeBehind => (side.Source.TimePath is null ? null : "time-format", null),
        DeadLetterReasons.BadKey or DeadLetterReasons.NullValue => ("key", null),
        DeadLetterReasons.BadId => ("id", null),
        DeadLetterReasons.MalformedJson or DeadLetterReasons.NotAnObject or DeadLetterReasons.DecoderFailed => ("format", null),
        _ => (null, null),
    };

    // The setting that keeps such times out; the times themselves may be right.
    IEnumerable<string> LimitOf(string reason) => reason switch
    {
        DeadLetterReasons.TimeAhead => [CauseFinder.Path(findings.Join, "max-ahead-of-wall-clock")],
        DeadLetterReasons.TimeBehind => [CauseFinder.Path(findings.Join, "min-time")],
        _ => [],
    };

    string? Nearest(string? path) =>
        path is null || side.Counts.Fields.Contains(path) ? null : NearestWord.Find(path, side.Counts.Fields);

    string FieldsText(string todo) => side.Counts.Fields.Count == 0 ? todo : $"{todo}: {string.Join(", ", side.Counts.Fields)}";

    string Path(string setting) => CauseFinder.Path(findings.Join, side.Name, setting);

    static string N(long count) => CauseFinder.N(count);
}
