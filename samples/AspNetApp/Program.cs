using AkkaJoin.Cockpit.Hosting;
using AkkaJoin.Pipeline.Embedded;
using AspNetApp;

var builder = WebApplication.CreateBuilder(args);

// --Kafka HOST:PORT names a cluster. Without it the broker runs in this process, and its records and the journal go
// with it.
using var embedded = builder.Configuration["Kafka"] is null ? new EmbeddedKafka() : null;
if (embedded is not null)
{
    foreach (var topic in new[] { "impressions", "plays", "take-rate", "take-rate.late", "take-rate.dead" })
        embedded.CreateTopic(topic, partitions: 2); // on a real Kafka AkkaJoin makes the last three
    Environment.SetEnvironmentVariable("AKKAJOIN_DATA", Directory.CreateTempSubdirectory("akkajoin-sample-").FullName);
}

var servers = embedded?.BootstrapServers ?? builder.Configuration["Kafka"]!;
Environment.SetEnvironmentVariable("KAFKA", servers); // akkajoin.conf reads it

builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services.AddSingleton(_ => new Sender(servers));
builder.Services.AddSingleton<RowList>();

// --Rows source has the join give its rows to this application, and not to a topic: akkajoin.conf reads it.
var rows = builder.Configuration["Rows"] ?? "kafka";
Environment.SetEnvironmentVariable("ROWS", rows);
if (rows == "source")
    builder.Services.AddHostedService<SourceReader>();
else
    builder.Services.AddHostedService(services => new RowReader(servers, "take-rate", services.GetRequiredService<RowList>()));

// <embed>
builder.Services.AddAkkaJoin(Path.Combine(AppContext.BaseDirectory, "akkajoin.conf"));
// </embed>

var app = builder.Build();

// <map>
app.MapAkkaJoin("/joins");
app.MapHealthChecks("/ready", new() { Predicate = check => check.Tags.Contains("ready") });
app.MapHealthChecks("/live", new() { Predicate = check => check.Tags.Contains("live") });
// </map>

// <figures>
app.MapGet("/figures", async (IAkkaJoin joins, CancellationToken stopping) => new
{
    State = await joins.StateAsync("take-rate", stopping),
    Ledger = await joins.LedgerAsync("take-rate", stopping),
    Lag = await joins.LagAsync("take-rate", stopping),
});
// </figures>

app.MapPost("/impressions", (HttpRequest request, Sender sender) => sender.SendAsync("impressions", request.Body));
app.MapPost("/plays", (HttpRequest request, Sender sender) => sender.SendAsync("plays", request.Body));
app.MapGet("/rows", (RowList list) => Results.Text(string.Join('\n', list.Rows)));
app.Run();
