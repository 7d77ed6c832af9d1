using System.CommandLine;
using AkkaJoin.Bench.Cli;
using AkkaJoin.Pipeline;

try
{
    var root = new RootCommand("Measures what AkkaJoin costs: CPU per input record, end to end and by part; and what the death of a node costs.")
    {
        EndToEndCommand.Create(), ClusterCommand.Create(), FailoverCommand.Create(), PartsCommand.Create(), MicroCommand.Create(), StateCommand.Create(),
        TableCommand.Create(), FloorCommand.Create(), CockpitCommand.Create(),
    };
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (UserException e)
{
    await Console.Error.WriteLineAsync($"bench: {e.Message}");
    return e.ExitCode;
}
