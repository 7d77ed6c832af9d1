using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>
/// Decodes a sample as the join would: with its decoder, its filter, the times that it takes, and its counts.
/// </summary>
static class SampleDecoder
{
    // Times are read in every format of so many records: a wrong format is wrong in all of them.
    const int TimeReadingsMax = 200;

    /// <summary>The sample of a side.</summary>
    /// <param name="join">The join.</param>
    /// <param name="side">The side.</param>
    /// <param name="sample">Records of its topic.</param>
    /// <param name="limits">Which event times the join takes.</param>
    /// <param name="nowMs">The join's clock, ms since the epoch.</param>
    internal static SampledSide Decode(JoinSettings join, Side side, TopicSample sample, EventTimeLimits limits, long nowMs)
    {
        var source = join.Source(side);
        var fields = side == Side.Left ? join.LeftFields : join.RightFields;
        var route = new RouteSide(side, 0, DecoderFactory.Create(source, fields), new SideTally(source, fields));
        var times = source.TimePath is null || source.Format is not ("json" or "raw") ? null : TimeReaders(source);
        var decoded = new DecodedRecord();
        var records = new List<SampleRecord>(sample.Records.Count);
        foreach (var chunk in sample.Records)
        {
            route.Tally.StartChunk(chunk, 0);
            var isRouted = route.Decode(chunk, 0, decoded) && limits.TryAllow(decoded, nowMs);
            route.Tally.Count(chunk, 0, isRouted, decoded);
            var hasTime = isRouted || (decoded.IsFiltered && decoded.Time != DecodedRecord.NoTime && limits.Allow(decoded.Time, nowMs));
            records.Add(Record(chunk, isRouted, hasTime, decoded, records.Count < TimeReadingsMax ? times : null));
        }

        return new SampledSide(side, source, records, route.Tally.Counts(), sample.Partitions, sample.End);
    }

    static SampleRecord Record(RecordChunk chunk, bool isRouted, bool hasTime, DecodedRecord decoded, RouteSide[]? times) =>
        new()
        {
            Partition = chunk.Partition,
            Offset = chunk.Records[0].Offset,
            Fate = isRouted ? SampleFate.Routed : decoded.IsFiltered ? SampleFate.Filtered : SampleFate.DeadLetter,
            Reason = isRouted || decoded.IsFiltered ? "" : decoded.Reason,
            Key = isRouted && !decoded.KeyIsNull ? decoded.Key.WrittenSpan.ToArray() : null,
            Time = hasTime ? decoded.Time : null,
            Id = isRouted && decoded.HasId ? decoded.Id.WrittenSpan.ToArray() : null,
            Fields = isRouted ? decoded.Fields.WrittenSpan.ToArray() : [],
            TimeReadings = times?.Select(reader => reader.Decode(chunk, 0, decoded) ? decoded.Time : (long?)null).ToArray(),
        };

    // Key and id are left out: a record that lacks them has a time all the same.
    static RouteSide[] TimeReaders(SourceSettings source) =>
    [
        .. TimeFormats.Names.Select(named => new RouteSide(
            Side.Left,
            0,
            DecoderFactory.Create(
                source with { TimeFormat = named.Format, Filter = null, KeyPaths = [], IdPath = null, IdHeader = null }, []))),
    ];
}
