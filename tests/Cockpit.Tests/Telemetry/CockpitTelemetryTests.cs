using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using AkkaJoin.Cockpit.Telemetry;
using AkkaJoin.Shards.Metering;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Cockpit.Tests.Telemetry;

/// <summary>What Prometheus gets, and what goes out by OTLP.</summary>
[Collection(MetricsCollection.Name)]
public sealed partial class CockpitTelemetryTests(ITestOutputHelper output)
{
    const int ScrapeMs = 50;
    const int ScrapeBytes = 1 << 20;

    [Fact]
    public async Task The_metrics_of_a_join_are_served_with_their_tags()
    {
        await using var server = await MetricsServer.StartAsync();
        using var shown = new ShownMetrics("served", keyGroups: 4, partitions: 6);

        var text = await server.ScrapeAsync();

        Assert.Matches(Sample("akkajoin_records_fates_total", "fate=\"matched\"", "join=\"served\"", "side=\"left\"") + " 12\n", text);
        Assert.Matches(Sample("akkajoin_records_waiting", "join=\"served\"", "side=\"left\"") + " 8\n", text);
        Assert.Matches(Sample("akkajoin_records_null_keys_total", "join=\"served\"", "side=\"right\"") + " 4\n", text);
        Assert.Matches(
            Sample("akkajoin_dead_letters_total", "join=\"served\"", "reason=\"missing-time\"", "side=\"left\"") + " 2\n", text);
        Assert.Matches(
            Sample("akkajoin_partition_paused_seconds_total", "join=\"served\"", "partition=\"0\"",
                "reason=\"alignment\"", "topic=\"plays\"") + " 1.5\n",
            text);
        Assert.Matches(Sample("akkajoin_partition_idle_seconds", "join=\"served\"", "partition=\"1\"", "topic=\"plays\"") + " 1.5\n", text);
        Assert.Matches(
            Sample("akkajoin_partition_watermark_lag_seconds", "join=\"served\"", "partition=\"1\"",
                "side=\"left\"", "topic=\"impressions\"") + @" [5-9]\.?\d*\n",
            text);
        Assert.Contains("dotnet_gc_", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Histograms_of_seconds_and_bytes_have_buckets_that_fit()
    {
        await using var server = await MetricsServer.StartAsync();
        using var shown = new ShownMetrics("buckets", keyGroups: 1, partitions: 1);

        var text = await server.ScrapeAsync();

        Assert.Equal(HistogramBuckets.Seconds, Buckets(text, "akkajoin_journal_persist_duration_seconds", "buckets"));
        Assert.Equal((0.001, 60), (HistogramBuckets.Seconds[0], HistogramBuckets.Seconds[^1]));
        Assert.Equal(HistogramBuckets.Bytes, Buckets(text, "akkajoin_snapshot_size_bytes", "buckets"));
        Assert.Equal((256, 64 << 20), (HistogramBuckets.Bytes[0], HistogramBuckets.Bytes[^1]));
        Assert.Equal(HistogramBuckets.LatencySeconds, Buckets(text, "akkajoin_row_latency_seconds", "buckets").Distinct());
    }

    [Fact]
    public async Task A_scrape_of_a_large_join_takes_little_time()
    {
        await using var server = await MetricsServer.StartAsync();
        using var shown = new ShownMetrics("large", keyGroups: 128, partitions: 200);
        for (var i = 0; i < 3; i++)
            await server.ScrapeAsync(); // the code is compiled, and the buffers have their size

        var last = "";
        var best = TimeSpan.MaxValue;
        var deadline = Stopwatch.StartNew();
        for (var scrapes = 0; scrapes < 5;)
        {
            Assert.True(deadline.Elapsed < TimeSpan.FromSeconds(60), "the exporter gives the same answer for ever");
            var since = Stopwatch.GetTimestamp();
            var text = await server.ScrapeAsync();
            var took = Stopwatch.GetElapsedTime(since);
            if (text == last)
                continue; // the exporter gives an answer again for 300 ms; a new one differs in what the runtime has allocated
            (last, scrapes) = (text, scrapes + 1);
            best = TimeSpan.FromTicks(Math.Min(best.Ticks, took.Ticks));
        }

        var bytes = last.Length;

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes in {best.TotalMilliseconds:0.0} ms"));
        Assert.InRange(best.TotalMilliseconds, 0, ScrapeMs);
        Assert.InRange(bytes, 1, ScrapeBytes);
    }

    [Theory]
    [InlineData("", false, false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317", true, true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c:4317", false, false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317 OTEL_LOGS_EXPORTER=none", true, false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317 OTEL_METRICS_EXPORTER=prometheus,otlp", true, true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317 OTEL_SDK_DISABLED=true", false, false, false)]
    [InlineData("OTEL_METRICS_EXPORTER=otlp", false, false, false)]
    public void The_standard_variables_say_what_goes_out(string variables, bool metrics, bool logs, bool traces)
    {
        var environment = new ConfigurationBuilder()
            .AddInMemoryCollection(variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(variable => new KeyValuePair<string, string?>(variable.Split('=')[0], variable.Split('=')[1])))
            .Build();

        var signals = OtlpSignals.Of(environment);

        Assert.Equal((metrics, logs, traces), (signals.Metrics, signals.Logs, signals.Traces));
    }

    [Fact]
    public async Task Metrics_log_entries_and_spans_arrive_at_a_collector()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var environment = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_SERVICE_NAME"] = "join-of-the-test",
        }).Build();

        // What is left goes out when it ends.
        using (var telemetry = CockpitTelemetry.Start(environment))
        {
            using var shown = new ShownMetrics("collected", keyGroups: 1, partitions: 1);
            using (var logs = LoggerFactory.Create(telemetry.AddLogs))
                TestLog.Line(logs.CreateLogger("AkkaJoin.Test"), 42);
            ShardsTraces.Ended(ShardsTraces.Recovery, Stopwatch.GetTimestamp(), new KeyValuePair<string, object?>("join", "collected"));
            telemetry.Dispose();
        }

        foreach (var (path, name) in new[]
        {
            ("/v1/metrics", "akkajoin.records.waiting"), ("/v1/logs", "the answer is 42"), ("/v1/traces", ShardsTraces.Recovery),
        })
        {
            Assert.Contains(name, collector.Received(path), StringComparison.Ordinal);
            Assert.Contains("join-of-the-test", collector.Received(path), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_disabled_SDK_collects_nothing_and_says_so()
    {
        await using var server = await MetricsServer.StartAsync(("OTEL_SDK_DISABLED", "true"));

        using var answer = await server.GetAsync();

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("OTEL_SDK_DISABLED", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    static string Sample(string name, params string[] labels) => Regex.Escape($"{name}{{{string.Join(',', labels)}}}");

    // Of the join of that name.
    static IEnumerable<double> Buckets(string text, string name, string join) =>
        from line in text.Split('\n')
        where line.StartsWith(name + "_bucket{", StringComparison.Ordinal) && line.Contains($"join=\"{join}\"", StringComparison.Ordinal)
        let bound = Bound().Match(line).Groups[1].Value
        where bound != "+Inf"
        select double.Parse(bound, CultureInfo.InvariantCulture);

    [GeneratedRegex("le=\"([^\"]*)\"")]
    private static partial Regex Bound();
}

static partial class TestLog
{
    [LoggerMessage(LogLevel.Warning, "the answer is {Answer}")]
    internal static partial void Line(ILogger logger, int answer);
}
