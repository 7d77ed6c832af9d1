using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaJoin.Cockpit.Hosting;

namespace AspNetApp;

/// <summary>
/// Reads the rows of a join with <c>output.to = source</c>, in place of <see cref="RowReader"/>: <c>--Rows source</c>
/// has the sample do so.
/// </summary>
sealed class SourceReader(IAkkaJoin joins, ActorSystem system, RowList list) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // <rows>
        return joins.Rows("take-rate")
            .SelectAsync(4, async row =>
            {
                await list.AddAsync(row.Id, row.Value!.Value); // what the application does with it
                return row;
            })
            .RunForeach(row => row.Confirm(), system.Materializer());
        // </rows>
    }
}
