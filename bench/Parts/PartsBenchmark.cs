using AkkaJoin.Bench.Brokers;
using AkkaJoin.Bench.EndToEnd;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Host;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Bench.Parts;

/// <summary>
/// Measures one run end to end, then each part of it alone in this process: on the same records, in the same chunks that the source
/// makes of them, with journal events of the size that the run wrote.
/// </summary>
sealed class PartsBenchmark(int events, int seed, string? kafka, TextWriter progress)
{
    readonly List<Part> _parts = [];

    internal async Task<PartsResult> RunAsync()
    {
        using var bench = BenchRun.Open(kafka, progress);
        await using var empty = await LoadTopics.CreateAsync(bench.Broker.Servers, bench.Name + "-empty");
        await using var topics = await LoadTopics.CreateAsync(bench.Broker.Servers, bench.Name);
        Say($"filling: {events:N0} records, seed {seed}");
        topics.Fill(new LoadGenerator(events, seed, EndToEndBenchmark.StartMs(events)));
        return await MeasureAsync(bench, empty, topics);
    }

    async Task<PartsResult> MeasureAsync(BenchRun bench, LoadTopics empty, LoadTopics topics)
    {
        var whole = await RunAsync(bench, topics, "whole");
        Say($"end to end: {whole.Figures.CpuPerRecord:F2} us");
        var start = await RunAsync(bench, empty, "start");
        Add("start-up and end", start.Figures.CpuSeconds, "the same run over empty topics");

        var config = ConfigLoader.Load(whole.ConfigFile).Settings;
        var join = config.Joins[0] with { GroupId = bench.Name + "-parts" };
        var definition = await DefineAsync(config.Kafka, join);
        var chunks = await ConsumeAsync(config.Kafka, join);
        var batches = Route(join, definition, chunks, whole.Figures.JournalEvents);
        chunks.Clear();
        var groups = Join(join, definition, batches);
        Add("journal", await JournalPart.MeasureAsync(groups, Path.Combine(bench.Directory.Root, "parts")), "persistent actors, Akka.Persistence.Sql, SQLite FULL; the events of the run");
        Add("produce", await ProducePart.MeasureAsync(config.Kafka, join, groups), "KafkaSink: messages with headers, idempotent producer, acknowledged");
        var bytes = groups.Events.Sum(g => g.Sum(e => (long)e.Length)) / (double)groups.Events.Sum(g => g.Count);
        return new PartsResult(Machine.This, bench.Broker.Description, whole.Figures, bytes, _parts);
    }

    static async Task<(RunFigures Figures, string ConfigFile)> RunAsync(BenchRun bench, LoadTopics topics, string name)
    {
        var process = new JoinProcess(bench.Broker, topics, "inner", $"{bench.Name}-{name}", bench.Directory.Root);
        await topics.EnsureAsync(process.Outputs);
        return (await process.RunAsync(), process.ConfigFile);
    }

    static async Task<JoinDefinition> DefineAsync(KafkaSettings kafka, JoinSettings join)
    {
        using var admin = TopicAdmin.Create(kafka);
        var infos = await admin.DescribeSourcesAsync([join.Left.Topic, join.Right.Topic]);
        return DefinitionBuilder.Build(join, infos[0], infos[1]);
    }

    async Task<List<RecordChunk>> ConsumeAsync(KafkaSettings kafka, JoinSettings join)
    {
        var consumed = await ConsumePart.MeasureAsync(kafka, join);
        Add("consume", consumed.CpuSeconds, "KafkaSource alone, bytes returned at once");
        return consumed.Chunks;
    }

    List<byte[]>[] Route(JoinSettings join, JoinDefinition definition, List<RecordChunk> chunks, long journalEvents)
    {
        var decode = new DecodePart(join);
        decode.Run(Some(chunks));
        var decoding = CpuMeter.Measure(() => decode.Run(chunks));
        Add("decode", decoding, "JsonDecoder: key, time and id");
        var eventBytes = decode.Bytes / journalEvents;
        RouteDriver.Run(join, definition, Some(chunks), eventBytes);
        List<byte[]>[] batches = [];
        var routing = CpuMeter.Measure(() => batches = RouteDriver.Run(join, definition, chunks, eventBytes));
        Add("route", routing - decoding, "Router with acknowledgements at once, less decode: hash, batch encode, bookkeeping");
        return batches;
    }

    KeyGroupRuns Join(JoinSettings join, JoinDefinition definition, List<byte[]>[] batches)
    {
        _ = new KeyGroupRuns(definition, join, [.. batches.Select(b => b.Take(b.Count / 10).ToList())]).Accept(render: true);
        var full = Measure(definition with { Type = JoinType.Full }, join with { Type = JoinType.Full }, batches);
        var inner = Measure(definition, join, batches);
        Add("accept", inner.Accept - inner.Join, "KeyGroup.Offer and NextEvent: checks, the event's bytes");
        Add("join", inner.Join, "KeyGroup.Apply without rendering");
        Add("render rows", inner.Render - inner.Join, "JsonRowWriter in KeyGroup.Apply");
        Add("join, full", full.Join, "KeyGroup.Apply of a full join without rendering", inSum: false);
        Add("render rows, full", full.Render - full.Join, "JsonRowWriter, with every unmatched row", inSum: false);
        return inner.Runs;
    }

    static (KeyGroupRuns Runs, double Accept, double Join, double Render) Measure(JoinDefinition definition, JoinSettings join, List<byte[]>[] batches)
    {
        var runs = new KeyGroupRuns(definition, join, batches);
        var accept = CpuMeter.Measure(() => runs.Accept(render: false));
        var apply = CpuMeter.Measure(() => runs.Apply(render: false));
        var render = CpuMeter.Measure(() => runs.Apply(render: true));
        return (runs, accept, apply, render);
    }

    // Enough to have the methods compiled as they will be for good.
    static List<RecordChunk> Some(List<RecordChunk> chunks) => chunks[..(chunks.Count / 5)];

    void Add(string name, double cpuSeconds, string what, bool inSum = true)
    {
        var part = new Part(name, cpuSeconds * 1e6 / events, what, inSum);
        _parts.Add(part);
        Say($"{part.Name}: {part.CpuPerRecord:F2} us");
    }

    void Say(FormattableString line) => progress.WriteLine(FormattableString.Invariant(line));
}
