using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using AkkaJoin.Cockpit.Hosting;
using AkkaJoin.Pipeline.Embedded;
using Confluent.Kafka;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AkkaJoin.Cockpit.Tests.Hosting;

/// <summary>An ASP.NET Core application with a join of its own, "visits", on a port of its own.</summary>
sealed class JoiningApplication : IAsyncDisposable
{
    internal const string Join = "visits";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    readonly LastWarnings _log;

    JoiningApplication(WebApplication app, LastWarnings log)
    {
        _log = log;
        App = app;
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    internal WebApplication App { get; }

    internal HttpClient Http { get; }

    /// <summary>The last warnings of its log, one a line.</summary>
    internal string Warnings => _log.ToString();

    internal IAkkaJoin Joins => App.Services.GetRequiredService<IAkkaJoin>();

    /// <summary>A broker with the topics of the join.</summary>
    internal static EmbeddedKafka Kafka()
    {
        var kafka = new EmbeddedKafka();
        foreach (var topic in new[] { "impressions", "plays", "rows", "rows.late", "rows.dead" })
            kafka.CreateTopic(topic, 1);
        return kafka;
    }

    /// <summary>What the application's configuration says of its join.</summary>
    internal static Dictionary<string, string?> Settings(EmbeddedKafka kafka, string directory) => new()
    {
        ["akkajoin:kafka:bootstrap-servers"] = kafka.BootstrapServers,
        ["akkajoin:sqlite:directory"] = directory,
        [$"akkajoin:joins:{Join}:type"] = "inner",
        [$"akkajoin:joins:{Join}:before"] = "0s",
        [$"akkajoin:joins:{Join}:after"] = "1m",
        [$"akkajoin:joins:{Join}:key-groups"] = "4",
        [$"akkajoin:joins:{Join}:left:topic"] = "impressions",
        [$"akkajoin:joins:{Join}:left:key"] = "k",
        [$"akkajoin:joins:{Join}:left:time"] = "t",
        [$"akkajoin:joins:{Join}:right:topic"] = "plays",
        [$"akkajoin:joins:{Join}:right:key"] = "k",
        [$"akkajoin:joins:{Join}:right:time"] = "t",
        [$"akkajoin:joins:{Join}:output:topic"] = "rows",
    };

    /// <summary>Starts it.</summary>
    /// <param name="settings">Its configuration.</param>
    /// <param name="map">Adds paths.</param>
    /// <param name="add">Adds services, before the joins.</param>
    internal static async Task<JoiningApplication> StartAsync(
        Dictionary<string, string?> settings, Action<WebApplication>? map = null, Action<IServiceCollection>? add = null)
    {
        _ = TestNode.Directory; // where the token "local" goes
        var log = new LastWarnings();
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(log);
        add?.Invoke(builder.Services);
        builder.Services.AddAkkaJoin(builder.Configuration);
        var app = builder.Build();
        map?.Invoke(app);
        await app.StartAsync();
        return new JoiningApplication(app, log);
    }

    /// <summary>Asks for a path.</summary>
    internal async Task<(int Status, string Body)> GetAsync(string path, string? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Asks for a path until it answers with a status.</summary>
    internal async Task<string> UntilAsync(string path, int status, string contains = "")
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var (found, body) = await GetAsync(path);
            if (found == status && body.Contains(contains, StringComparison.Ordinal))
                return body;
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"{path} still answers {found}: {body}{_log}");
            await Task.Delay(50);
        }
    }

    /// <summary>Asks until an answer is as it has to be.</summary>
    internal async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isGood)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (isGood(answer))
                return answer;
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"it is still {answer}{_log}");
            await Task.Delay(50);
        }
    }

    /// <summary>Sends records.</summary>
    internal static void Send(EmbeddedKafka kafka, string topic, params string[] values)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        foreach (var value in values)
            producer.Produce(topic, new Message<Null, string> { Value = value });
        producer.Flush(TimeSpan.FromSeconds(10));
    }

    /// <summary>The first row in the output topic.</summary>
    internal static string RowIn(EmbeddedKafka kafka)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(
            new ConsumerConfig { BootstrapServers = kafka.BootstrapServers, GroupId = "test", FetchWaitMaxMs = 10 }).Build();
        consumer.Assign(new TopicPartitionOffset("rows", 0, Offset.Beginning));
        var row = consumer.Consume(Patience);
        return row is null ? "" : Encoding.UTF8.GetString(row.Message.Value);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }
}
