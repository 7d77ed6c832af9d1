using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Host.Cli;

/// <summary>The program.</summary>
static class Program
{
    // A class, since a file of statements would make a public one as soon as ASP.NET Core is referred to.
    static async Task<int> Main(string[] args)
    {
        Invariant.OnBreach = text => Environment.FailFast(text);
        return await CommandLine.RunAsync(args, Console.Out, Console.Error);
    }
}
