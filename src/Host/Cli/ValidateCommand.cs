using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaJoin.Host.Validation;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using Confluent.Kafka;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// <c>akkajoin validate</c>: compares the rows of a join that has run or still runs with SQL over the same topics.
/// </summary>
static class ValidateCommand
{
    /// <summary>
    /// Rows that the committed records close may still be on their way: a tick and an acknowledgement later they are
    /// there.
    /// </summary>
    static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    const string SupersededName = "  superseded";

    static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Verb Create()
    {
        var config = new ConfigOptions();
        var join = new Option<string?>("--join")
        {
            Description = "The join to validate; needed where the file has several",
            HelpName = "NAME",
        };
        var from = new Option<string?>("--from")
        {
            Description = "Validate event times from here on (ISO-8601 or epoch ms)",
            HelpName = "TIME",
        };
        var to = new Option<string?>("--to") { Description = "Validate event times below this (ISO-8601 or epoch ms)", HelpName = "TIME" };
        var differences = new Option<string?>("--differences")
        {
            Description = "Write every difference here, one JSON object a line",
            HelpName = "FILE",
        };
        var json = CommonOptions.Json();
        var verb = new Verb(
            "validate",
            "Compare what a join has put out with the same join as SQL over the same topics.",
            ["akkajoin validate -c akkajoin.conf", "akkajoin validate -c akkajoin.conf --join take-rate --differences differences.jsonl"],
            ExitCodes.Good,
            ExitCodes.Failed,
            ExitCodes.NotExact,
            ExitCodes.Config);
        foreach (var option in (Option[])[.. config.All, join, from, to, differences, json])
            verb.Add(option);
        verb.SetAction((parsed, output, _, cancellation) =>
        {
            var settings = config.Read(parsed).Load().Settings;
            var picked = JoinChoice.Pick(settings, parsed.GetValue(join));
            var request = new ValidationRequest(settings.Kafka, picked)
            {
                EndWatermarks = EndWatermarks.Read(settings.Journal, picked.Name),
                FromMs = Time("--from", parsed.GetValue(from)),
                ToMs = Time("--to", parsed.GetValue(to)),
                DifferencesFile = parsed.GetValue(differences),
            };
            if (request.FromMs >= request.ToMs)
                throw new UserException("--from must be before --to", ExitCodes.Usage);
            return RunAsync(request, parsed.GetValue(json), output, cancellation);
        });
        return verb;
    }

    /// <summary>Validates the records below the join's committed offsets.</summary>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RunAsync(ValidationRequest request, bool json, TextWriter output, CancellationToken cancellation)
    {
        var ends = Committed(request.Kafka, request.Join);
        var validation = ends.Count == 0
            ? ValidationResult.None(
                $"nothing was validated: the consumer group {request.Join.GroupId} has committed nothing, "
                + $"so the join {request.Join.Name} has never run. Run it, or correct group-id")
            : await ValidateAsync(request with { Ends = ends }, cancellation);
        await output.WriteLineAsync(json ? JsonSerializer.Serialize(validation, JsonOptions) : Text(request.Join, validation));
        return validation.Exact ? ExitCodes.Good : ExitCodes.NotExact;
    }

    static async Task<ValidationResult> ValidateAsync(ValidationRequest request, CancellationToken cancellation)
    {
        await Task.Delay(Settling, cancellation);
        return await Validator.RunAsync(request, cancellation);
    }

    static long? Time(string option, string? text)
    {
        if (text is null)
            return null;
        var format = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? TimeFormat.EpochMillis
            : TimeFormat.Iso8601;
        return EventTime.TryParse(format, Encoding.UTF8.GetBytes(text), out var time)
            ? time
            : throw new UserException(
                $"{option} {text} is no time: it is ISO-8601 (2019-11-12T10:15:30Z) or epoch milliseconds", ExitCodes.Usage);
    }

    /// <summary>The offsets that the join's group has committed; of a self-join they count for both sides.</summary>
    static Dictionary<PartitionId, long> Committed(KafkaSettings kafka, JoinSettings join)
    {
        using var reader = new TopicReader(kafka, 30_000);
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(TopicReader.Config(kafka, join.GroupId))
            .SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        var committed = new Dictionary<PartitionId, long>();
        foreach (var side in new[] { Side.Left, Side.Right })
        {
            var topic = join.Source(side).Topic;
            var partitions = reader.Ends(topic).Keys.Select(p => new TopicPartition(topic, p)).ToList();
            if (partitions.Count == 0)
                throw new UserException($"the topic {topic} does not exist", ExitCodes.Failed);
            foreach (var offset in Committed(consumer, partitions, kafka))
            {
                if (offset.Offset.Value >= 0)
                    committed[new PartitionId(side, 0, offset.Partition.Value)] = offset.Offset.Value;
            }
        }

        return committed;
    }

    static List<TopicPartitionOffset> Committed(IConsumer<byte[]?, byte[]?> consumer, List<TopicPartition> partitions, KafkaSettings kafka)
    {
        try
        {
            return consumer.Committed(partitions, TimeSpan.FromMilliseconds(kafka.ConnectTimeoutMs));
        }
        catch (KafkaException e)
        {
            throw new UserException($"the committed offsets cannot be read: {e.Error.Reason}", ExitCodes.Failed);
        }
    }

    static string Text(JoinSettings join, ValidationResult validation)
    {
        var text = new StringBuilder();
        if (!validation.Validated)
            return $"{join.Name}: {string.Join("; ", validation.Notes)}";
        text.AppendLine(CultureInfo.InvariantCulture, $"{join.Name}: {(validation.Exact ? "exact" : "NOT EXACT")}");
        (string Name, long Count)[] counts =
        [
            ("left records", validation.LeftRecords), ("right records", validation.RightRecords), ("duplicates", validation.Duplicates),
            ("late records", validation.LateRecords), ("dead letters", validation.DeadLetters), ("filtered records", validation.Filtered),
            ("rows of the batch join", validation.Expected), ("rows found", validation.Found), (SupersededName, validation.Superseded),
            ("  came again (same id)", validation.Doubled), ("missing", validation.Missing), ("extra", validation.Extra),
            ("explained by late records", validation.ExplainedByLate), ("explained by dead letters", validation.ExplainedByDeadLetter),
            ("not due yet", validation.NotYetDue),
        ];
        foreach (var (name, count) in counts.Where(c => c.Name != SupersededName || join.Late == LatePolicy.Repair))
            text.AppendLine(CultureInfo.InvariantCulture, $"  {name,-26} {count,14:N0}");
        foreach (var note in validation.Notes)
            text.AppendLine(CultureInfo.InvariantCulture, $"  note: {note}");
        foreach (var difference in validation.Differences)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {difference.Kind}: {difference.Detail}");
            if (difference.Row is not null)
                text.AppendLine(
                    CultureInfo.InvariantCulture, $"    row {difference.OutputPartition}@{difference.OutputOffset}: {difference.Row}");
            foreach (var record in difference.Records)
            {
                text.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"    {join.Source(record.Side).Topic}/{record.Partition}@{record.Offset} time {record.Time} id {record.Id ?? "-"}: "
                    + $"{record.Value}");
            }
        }

        return text.ToString().TrimEnd();
    }
}
