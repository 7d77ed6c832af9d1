using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Outputs;

/// <summary>Reads the newest late records or dead letters of a join. Of one answer.</summary>
/// <param name="kafka">The brokers.</param>
/// <param name="join">The join.</param>
/// <param name="limits">How much may be read.</param>
sealed class CopyReader(KafkaSettings kafka, JoinSettings join, ExplainLimits limits)
{
    const string Late = "late", IdConflict = "id-conflict";
    readonly HeaderBytes _headers = new();

    // What has a copy in the late topic was taken by the join, whatever its time.
    readonly InputDecoder _decoder = new(join, EventTimeLimits.None, nowMs: 0);

    /// <summary>Reads them.</summary>
    /// <exception cref="Pipeline.UserException">The brokers do not answer, or refuse.</exception>
    internal async Task<CopiesReport> ReadAsync(CopiesRequest request, CancellationToken stopping)
    {
        using var admin = TopicAdmin.Create(SearchKafka.Of(kafka));
        var topic = request.AreDeadLetters ? join.Output.DeadLetterTopic : join.Output.LateTopic;
        var found = await new NewestSearch(kafka, admin, limits).RunAsync(
            topic, null, request.Limit, result => IsAsked(result, request) ? result : null, stopping);
        return new CopiesReport(join.Name, topic, [.. found.Records.Select(copy => Report(copy.Record, request))], found.Report());
    }

    // Both topics may be one.
    bool IsAsked(ConsumeResult<byte[]?, byte[]?> result, CopiesRequest request)
    {
        if (RecordHeaders.Text(result, OutputHeaders.Reason) is not { } reason || !RecordHeaders.IsOf(result, join))
            return false;
        var isLate = reason is Late or IdConflict;
        return request.AreDeadLetters != isLate && (request.Reason is null || request.Reason == reason);
    }

    CopyReport Report(ConsumeResult<byte[]?, byte[]?> result, CopiesRequest request)
    {
        // A copy that was read again as a source keeps its old headers: only those of its reason tell anything now.
        var source = TopicHeaders.Source(_headers.Of(result.Message.Headers));
        var decoded = source is { } known && !request.AreDeadLetters ? _decoder.Decode(known.Side, result) : null;
        var isDecoded = decoded is { Fate: InputFate.Joined };
        var reason = RecordHeaders.Text(result, OutputHeaders.Reason)!;
        return new CopyReport(result.Partition.Value, result.Offset.Value, result.Message.Timestamp.UnixTimestampMs, reason)
        {
            Source = source is { } of ? Copied(of, RecordHeaders.Text(result, OutputHeaders.SourceTopic) ?? "") : null,
            Key = ShownBytes.Of(isDecoded ? decoded!.Key : result.Message.Key),
            Id = ShownBytes.Of(decoded?.Id),
            TimeMs = request.AreDeadLetters ? null : RecordHeaders.Number(result, OutputHeaders.EventTime),
            Lateness = reason == Late ? Lateness(result) : null,
            Detail = request.AreDeadLetters ? RecordHeaders.Text(result, OutputHeaders.Detail) : null,
            Cut = request.AreDeadLetters ? RecordHeaders.Text(result, OutputHeaders.Cut) : null,
            ValueLength = result.Message.Value?.Length,
            Value = request.WithValues ? ShownBytes.Of(result.Message.Value) : null,
        };
    }

    CopiedRecord Copied(SourceRecord source, string topic)
    {
        var isOfSide = topic == join.Source(source.Side).Topic;
        var side = source.Side == Side.Left ? "left" : "right";
        return new CopiedRecord(
            source.Side, topic, source.Partition, source.Offset, isOfSide ? $"{side}:{source.Partition}:{source.Offset}" : null);
    }

    static LatenessReport? Lateness(ConsumeResult<byte[]?, byte[]?> result) =>
        RecordHeaders.Number(result, OutputHeaders.LateByMs) is { } lateBy
            ? new LatenessReport(
                lateBy,
                RecordHeaders.Number(result, OutputHeaders.Watermark) ?? 0,
                RecordHeaders.Text(result, OutputHeaders.WatermarkPartition) ?? "",
                RecordHeaders.Number(result, OutputHeaders.PartnersFound) ?? 0)
            : null;
}

/// <summary>Which copies are asked for.</summary>
/// <param name="AreDeadLetters">Dead letters; else late records and id conflicts.</param>
/// <param name="Limit">The most of them.</param>
/// <param name="Reason">Those with this reason alone; null = all.</param>
/// <param name="WithValues">Whether the values are told too.</param>
sealed record CopiesRequest(bool AreDeadLetters, int Limit, string? Reason, bool WithValues)
{
    /// <summary>The most that can be asked for.</summary>
    internal const int LimitMax = 1_000;
}
