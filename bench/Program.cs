using System.CommandLine;
using AkkaJoin.Bench.Cli;
using AkkaJoin.Pipeline;

try
{
    var root = new RootCommand("Measures what AkkaJoin costs: CPU per input record, end to end and by part.")
    {
        EndToEndCommand.Create(), PartsCommand.Create(), MicroCommand.Create(), StateCommand.Create(),
    };
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (UserException e)
{
    await Console.Error.WriteLineAsync($"bench: {e.Message}");
    return e.ExitCode;
}
