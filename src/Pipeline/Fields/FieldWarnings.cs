using System.Globalization;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Fields;

/// <summary>
/// Warns of fields that more than a share of the records lack, since a path or the data is wrong, and names fields that
/// the records have.
/// </summary>
sealed class FieldWarnings(JoinSettings join)
{
    // Fields of IS NULL conditions: they may be missing in any number of records.
    readonly HashSet<string> _leftMayLack = MayLack(join.Where, Side.Left, join.LeftFields);
    readonly HashSet<string> _rightMayLack = MayLack(join.Where, Side.Right, join.RightFields);

    /// <summary>The warnings for all counts.</summary>
    internal IReadOnlyList<FieldWarning> Of(InputCounts counts) =>
        [.. Of(Side.Left, counts.Left), .. Of(Side.Right, counts.Right), .. OfSelect(counts)];

    /// <summary>The warnings for one side.</summary>
    /// <param name="side">The side.</param>
    /// <param name="counts">The counts of that side.</param>
    /// <param name="share">The share of the records up to which nothing is warned of.</param>
    /// <param name="recordsMin">The number of records below which nothing is warned of.</param>
    internal IEnumerable<FieldWarning> Of(Side side, SideCounts counts, double share = 0.5, long recordsMin = 1)
    {
        var (name, source) = (Name(side), join.Source(side));
        bool Exceeds(long part, long whole) => whole >= recordsMin && part > whole * share;

        if (Exceeds(counts.DeadLettered, counts.Read - counts.Filtered))
        {
            var reasons = counts.DeadLetters.Where(r => r.Value > 0).OrderByDescending(r => r.Value).ToList();
            var text = $"{N(counts.DeadLettered)} of {N(counts.Read)} {name} records of {source.Topic} are dead letters, "
                + $"{Reasons(reasons, counts)}; they are in {join.Output.DeadLetterTopic}";
            yield return Warning(name, "records", text, reasons[0].Key == DeadLetterReasons.MissingTime ? source.TimePath : null, counts);
        }

        if (Exceeds(counts.NullKeys, counts.Routed))
        {
            var text = $"{N(counts.NullKeys)} of {N(counts.Routed)} {name} records of {source.Topic} have no key and match "
                + $"nothing: {Key(source)}";
            yield return Warning(name, "key", text, source.KeyPaths.FirstOrDefault(path => !counts.Fields.Contains(path)), counts);
        }

        if (counts.WithoutId is { } without && Exceeds(without, counts.Routed))
        {
            var text = $"{N(without)} of {N(counts.Routed)} {name} records of {source.Topic} have no id, so that copies of them "
                + $"are no duplicates: '{Id(source)}' is missing or null";
            yield return Warning(name, "id", text, Id(source), counts);
        }

        foreach (var field in counts.Where.Where(f => Exceeds(f.Missing, f.Records)
            && !(side == Side.Left ? _leftMayLack : _rightMayLack).Contains(f.Field)))
            yield return Warning(name, "where " + field.Field, $"the field '{name}.{field.Field}' of where is missing or null in "
                + $"{N(field.Missing)} of {N(field.Records)} records of {source.Topic}", field.Field, counts);
        var filterMayLack = source.Filter is { } filter ? MayLack(filter.Condition, Side.Left, filter.Fields) : [];
        foreach (var field in counts.Filter.Where(f => Exceeds(f.Missing, f.Records) && !filterMayLack.Contains(f.Field)))
            yield return Warning(name, "filter " + field.Field, $"the field '{field.Field}' of {name}.filter is missing or null "
                + $"in {N(field.Missing)} of {N(field.Records)} records of {source.Topic}", field.Field, counts);
    }

    /// <summary>The warnings for fields of rows that were in no record.</summary>
    internal static IEnumerable<FieldWarning> OfSelect(InputCounts counts, long recordsMin = 1)
    {
        foreach (var field in counts.Select.Where(f => f.Records >= recordsMin && f.Missing == f.Records))
        {
            var path = field.Field[(field.Field.IndexOf('.', StringComparison.Ordinal) + 1)..];
            var side = field.Field.StartsWith("right", StringComparison.Ordinal) ? counts.Right : counts.Left;
            yield return Warning("output", "select " + field.Field, $"'{field.Field}' of output.select was missing or null in "
                + $"each of {N(field.Records)} records, and is null in their rows", path, side);
        }
    }

    static FieldWarning Warning(string name, string part, string text, string? path, SideCounts counts)
    {
        if (counts.Fields.Count == 0)
            return new FieldWarning($"{name}.{part}", text);
        var nearest = path is null || counts.Fields.Contains(path) ? null : NearestWord.Find(path, counts.Fields);
        var meant = nearest is null ? "" : $" (is '{nearest}' meant?)";
        return new FieldWarning($"{name}.{part}", $"{text}. Fields of a record: {string.Join(", ", counts.Fields)}{meant}");
    }

    static string Reasons(List<KeyValuePair<string, long>> reasons, SideCounts counts)
    {
        var example = counts.Examples.GetValueOrDefault(reasons[0].Key, "");
        return string.Join(", ", reasons.Select(r => $"{r.Key} {N(r.Value)}")) + (example.Length > 0 ? $" ({example})" : "");
    }

    static string Key(SourceSettings source) => source.KeyPaths.Count switch
    {
        0 => "their record key is null",
        1 => $"'{source.KeyPaths[0]}' is missing or null",
        _ => $"one of '{string.Join("', '", source.KeyPaths)}' is missing or null",
    };

    static string Id(SourceSettings source) => source.IdPath ?? "header:" + source.IdHeader;

    static string Name(Side side) => side == Side.Left ? "left" : "right";

    static string N(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    static HashSet<string> MayLack(Condition? condition, Side side, IReadOnlyList<string> fields)
    {
        var found = new HashSet<string>();
        Add(condition);
        return found;

        void Add(Condition? part)
        {
            switch (part)
            {
                case AllOf all:
                    foreach (var each in all.Conditions)
                        Add(each);
                    break;
                case AnyOf any:
                    foreach (var each in any.Conditions)
                        Add(each);
                    break;
                case Not not:
                    Add(not.Condition);
                    break;
                case IsNull { A: FieldOperand field } when field.Side == side:
                    found.Add(fields[field.Index]);
                    break;
            }
        }
    }
}

/// <summary>A field that most records lack.</summary>
/// <param name="Of">The key of the configuration, such as "left.key". Each is warned of once.</param>
/// <param name="Text">The warning: the field, the topic, and what to do.</param>
sealed record FieldWarning(string Of, string Text);
