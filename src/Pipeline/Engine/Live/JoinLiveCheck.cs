using System.Globalization;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Journal;
using Confluent.Kafka.Admin;

namespace AkkaJoin.Pipeline.Engine.Live;

/// <summary>The check of one join.</summary>
/// <param name="findings">Where they go.</param>
/// <param name="admin">The brokers, which answer.</param>
/// <param name="join">The join.</param>
/// <param name="journal">The journal; null = it cannot be used, which was told.</param>
sealed class JoinLiveCheck(LiveFindings findings, TopicAdmin admin, JoinSettings join, JournalProbe? journal)
{
    readonly string _name = join.Name;
    readonly string[] _sources = [.. new[] { join.Left.Topic, join.Right.Topic }.Distinct()];
    readonly string[] _outputs = [.. join.Output.Topics.Distinct()];

    internal async Task RunAsync()
    {
        var infos = new Dictionary<string, TopicInfo>();
        foreach (var topic in _sources)
        {
            if (await findings.TryAsync(_name, () => admin.DescribeSourcesAsync([topic])) is not { } described)
                continue;
            infos[topic] = described[0];
            findings.Good(_name, string.Create(CultureInfo.InvariantCulture, $"source '{topic}': {described[0].Partitions} "
                + $"{(described[0].Partitions == 1 ? "partition" : "partitions")}"));
        }

        if (infos.Count == _sources.Length)
            await CheckJournalAsync(infos[join.Left.Topic], infos[join.Right.Topic]);
        var missing = await findings.TryAsync(_name, () => admin.MissingOutputsAsync(join.Output)) ?? [];
        var rights = await admin.RightsAsync([.. _sources.Concat(_outputs).Distinct()], join.GroupId);
        CheckRights(rights, missing);
        if (missing.Length > 0)
            CheckCreation(rights, missing);
        await CheckTopicsAsync(infos, missing);
    }

    // Offsets and journal have to belong together, and the journal to this definition and these topics.
    async Task CheckJournalAsync(TopicInfo left, TopicInfo right)
    {
        var committed = await findings.TryAsync(
            _name, async () => await admin.CommittedAsync(join.GroupId, await admin.PartitionsAsync(_sources)));
        if (committed is null || journal is null)
            return;
        await findings.TryAsync(_name, () => Task.Run(() =>
        {
            var isKnown = journal.Journal is { } known
                && new JournalGuard(known, join).Review(DefinitionBuilder.Build(join, left, right), committed.Count) is not null;
            if (journal.Journal is null)
                JournalGuard.RefuseOrphanedOffsets(join, committed.Count, journal.Location, journal.LocationKey);
            findings.Good(
                _name,
                isKnown
                    ? "definition: as journaled, of these topics"
                    : "definition: not journaled yet, and the consumer group has no offsets");
        }));
    }

    void CheckRights(AccessRights rights, IReadOnlyList<string> missing)
    {
        var isTold = false;
        foreach (var topic in _sources)
            isTold |= Needs($"source '{topic}'", rights.Topics.GetValueOrDefault(topic), AclOperation.Read, AclOperation.Describe);
        AclOperation[] writing = join.Output.Deduplicate == Deduplicate.Off
            ? [AclOperation.Write, AclOperation.Describe]
            : [AclOperation.Write, AclOperation.Describe, AclOperation.Read];
        foreach (var topic in _outputs.Except(missing))
            isTold |= Needs($"output '{topic}'", rights.Topics.GetValueOrDefault(topic), writing);
        isTold |= Needs($"consumer group '{join.GroupId}'", rights.Group, AclOperation.Read, AclOperation.Describe);
        if (!isTold)
            findings.Warn(_name, "rights: the brokers do not tell what this user may do; they were not checked");
    }

    bool Needs(string what, IReadOnlyList<AclOperation>? allowed, params AclOperation[] needed)
    {
        if (allowed is null)
            return false;
        var lacking = needed.Except(allowed).ToList();
        if (lacking.Count == 0 || allowed.Contains(AclOperation.All))
            findings.Good(_name, $"rights: {what}: {string.Join(", ", needed)}");
        else
            findings.Refuse(_name, $"rights: this user lacks {string.Join(", ", lacking)} on {what}");
        return true;
    }

    void CheckCreation(AccessRights rights, IReadOnlyList<string> missing)
    {
        var topics = string.Join(", ", missing.Select(topic => $"'{topic}'"));
        if (rights.Cluster is { } cluster && !cluster.Contains(AclOperation.Create) && !cluster.Contains(AclOperation.All))
        {
            // A right on a prefix of the names would do as well, but the broker does not tell of it for topics that do
            // not exist.
            findings.Warn(_name, $"outputs: {topics} are to be made, and this user may not Create in the cluster: without such a "
                + "right on these names the start is refused. Make them beforehand");
        }

        if (join.Output.Replication > rights.Brokers)
        {
            findings.Refuse(_name, string.Create(
                CultureInfo.InvariantCulture,
                $"outputs: {topics} are to be made with output.replication = {join.Output.Replication}, and there "
                    + $"{(rights.Brokers == 1 ? "is 1 broker" : $"are {rights.Brokers} brokers")}. Set it lower, or make them beforehand"));
        }
        else
        {
            findings.Good(_name, string.Create(CultureInfo.InvariantCulture, $"outputs: {topics} will be made with "
                + $"{join.Output.Partitions} {(join.Output.Partitions == 1 ? "partition" : "partitions")}"));
        }
    }

    async Task CheckTopicsAsync(Dictionary<string, TopicInfo> sources, IReadOnlyList<string> missing)
    {
        var configs = await admin.ConfigsAsync([.. _sources.Concat(_outputs)]);
        foreach (var refusal in OutputReview.Refusals(join, configs))
            findings.Refuse(_name, refusal);
        foreach (var warning in OutputReview.Warnings(join, configs))
            findings.Warn(_name, warning);
        foreach (var warning in SettingsReview.OfSources(join, configs))
            findings.Warn(_name, warning);
        await findings.TryAsync(_name, () => CheckAgeAsync([.. sources.Keys], missing, configs));
        CheckSizes(configs, missing);
    }

    // By the brokers' timestamps of the source records. A running join warns by its event times.
    async Task CheckAgeAsync(string[] sources, IReadOnlyList<string> missing, IReadOnlyDictionary<string, TopicConfig> configs)
    {
        var rows = join.Output.Topic;
        if (!join.Output.EventTimestamp || !_outputs.Contains(rows) || missing.Contains(rows))
            return;
        if (configs[rows].RetentionMs is not (>= 0 and var retentionMs))
            return;
        var limit = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - retentionMs;
        foreach (var topic in sources)
        {
            if (await admin.HoldsOlderAsync(topic, limit))
            {
                findings.Warn(
                    _name,
                    $"source '{topic}' holds records that are older than {Durations.Show(retentionMs)}, for which '{rows}' keeps "
                        + "rows, and rows carry event times: the broker deletes theirs at once. "
                    + "Set output.timestamp = now, or a longer retention.ms");
            }
        }
    }

    void CheckSizes(IReadOnlyDictionary<string, TopicConfig> configs, IReadOnlyList<string> missing)
    {
        var largest = _sources.MaxBy(topic => configs[topic].MessageBytesMax ?? 0)!;
        foreach (var topic in _outputs.Except(missing))
        {
            if (configs[topic].MessageBytesMax < configs[largest].MessageBytesMax)
            {
                findings.Warn(_name, string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{topic}' takes records of at most {configs[topic].MessageBytesMax} bytes (max.message.bytes), and "
                        + $"'{largest}' of {configs[largest].MessageBytesMax}: the row or copy of a large record is refused. "
                        + $"Give it at least as much"));
            }
        }
    }
}
