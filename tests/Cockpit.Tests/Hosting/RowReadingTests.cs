using System.Collections.Concurrent;
using System.Text;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaJoin.Cockpit.Hosting;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.RowReading;
using AkkaJoin.Shards.Tests;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Hosting;

/// <summary>Rows that a reader in the application takes and confirms, in place of a topic.</summary>
public sealed class RowReadingTests : IDisposable
{
    readonly EmbeddedKafka _kafka = JoiningApplication.Kafka();
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-rows-");

    Dictionary<string, string?> Settings => new(JoiningApplication.Settings(_kafka, _directory.FullName))
    {
        ["akkajoin:joins:visits:output:to"] = "source",
        ["akkajoin:flow:drain-timeout"] = "500ms",
        ["akkajoin:flow:hand-over-timeout"] = "1s",
    };

    public void Dispose()
    {
        _kafka.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_row_that_was_not_confirmed_comes_again_after_a_restart_with_the_same_id_and_one_that_was_does_not()
    {
        string confirmed, unconfirmed;
        await using (var app = await JoiningApplication.StartAsync(Settings))
        {
            var rows = Read(app);
            SendPair("a");
            var first = await NextAsync(app, rows);
            Assert.Contains("\"rightTime\":2000", Text(first), StringComparison.Ordinal);
            first.Confirm();
            confirmed = first.Id;

            // That the confirmation is journaled is known by the commit, which waits for it.
            await app.UntilAsync(() => CommittedAsync(), offset => offset == 1);
            SendPair("b");
            unconfirmed = (await NextAsync(app, rows)).Id;
        }

        await using (var app = await JoiningApplication.StartAsync(Settings))
        {
            var rows = Read(app);
            var again = await NextAsync(app, rows);
            Assert.Equal(unconfirmed, again.Id);
            Assert.NotEqual(confirmed, again.Id);
            again.Confirm();
            SendPair("c");
            var next = await NextAsync(app, rows);
            Assert.DoesNotContain(next.Id, new[] { confirmed, unconfirmed });
            next.Confirm();
            await app.UntilAsync(() => CommittedAsync(), offset => offset == 3);
            Assert.Empty(rows);
        }
    }

    [LongFact]
    public async Task The_log_says_that_rows_wait_for_a_reader_that_does_not_confirm_them()
    {
        await using var app = await JoiningApplication.StartAsync(Settings);
        SendPair("a");
        await app.UntilAsync(() => Task.FromResult(app.Warnings), text => text.Contains("rows of an event wait", StringComparison.Ordinal));
        Assert.Contains("and no stream of the rows runs", app.Warnings, StringComparison.Ordinal);
        Assert.Contains("Run the stream that IAkkaJoin.Rows gives.", app.Warnings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_are_asked_for_where_they_go_to_a_topic_are_refused()
    {
        var settings = Settings;
        settings["akkajoin:joins:visits:output:to"] = "kafka";
        await using var app = await JoiningApplication.StartAsync(settings);
        var e = Assert.Throws<ArgumentException>(() => app.Joins.Rows("visits"));
        Assert.Contains("output.to = source", e.Message, StringComparison.Ordinal);
    }

    static ConcurrentQueue<JoinedRow> Read(JoiningApplication app)
    {
        var rows = new ConcurrentQueue<JoinedRow>();
        var system = app.App.Services.GetRequiredService<ActorSystem>();
        _ = app.Joins.Rows("visits").RunForeach(rows.Enqueue, system.Materializer());
        return rows;
    }

    static async Task<JoinedRow> NextAsync(JoiningApplication app, ConcurrentQueue<JoinedRow> rows)
    {
        await app.UntilAsync(() => Task.FromResult(rows.Count), count => count > 0);
        return rows.TryDequeue(out var row) ? row : throw new InvalidOperationException("somebody else took it");
    }

    void SendPair(string key)
    {
        JoiningApplication.Send(_kafka, "impressions", $$"""{"k":"{{key}}","t":1000}""");
        JoiningApplication.Send(_kafka, "plays", $$"""{"k":"{{key}}","t":2000}""");
    }

    Task<long> CommittedAsync() => Task.Run(() =>
    {
        using var consumer = new Confluent.Kafka.ConsumerBuilder<byte[], byte[]>(
            new Confluent.Kafka.ConsumerConfig { BootstrapServers = _kafka.BootstrapServers, GroupId = "akkajoin-visits" }).Build();
        return consumer.Committed([new("plays", 0)], TimeSpan.FromSeconds(10)).Single().Offset.Value;
    });

    static string Text(JoinedRow row) => Encoding.UTF8.GetString(row.Value!.Value.Span);
}
