// An application with the join "visits" of akkajoin.conf: two files are its inputs, and a third gets its rows. Whoever
// starts it kills it.
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaJoin.Cockpit.Hosting;
using AkkaJoin.Pipeline.Sources;
using KilledApplication;

var directory = args[0];
var builder = WebApplication.CreateBuilder();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddSingleton<IRecordSource>(new FileSource(Path.Combine(directory, "impressions")));
builder.Services.AddSingleton<IRecordSource>(new FileSource(Path.Combine(directory, "plays")));
builder.Services.AddAkkaJoin(Path.Combine(directory, "akkajoin.conf"));

var app = builder.Build();
await app.StartAsync();

// A row is confirmed once the file has it. What is written survives the kill of the process.
await using var rows = new FileStream(Path.Combine(directory, "rows"), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
var reading = app.Services.GetRequiredService<IAkkaJoin>().Rows("visits").RunForeach(
    row =>
    {
        rows.Write([.. System.Text.Encoding.UTF8.GetBytes(row.Id + "\t"), .. row.Value!.Value.Span, (byte)'\n']);
        row.Confirm();
    },
    app.Services.GetRequiredService<ActorSystem>().Materializer());
await reading;
await app.WaitForShutdownAsync();
