using AkkaJoin.Bench.Brokers;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Table;

/// <summary>What was measured, and on what.</summary>
/// <param name="Machine">The machine, its system and the runtime.</param>
/// <param name="Broker">The broker.</param>
/// <param name="Kafka">Its version; null = not known.</param>
/// <param name="Postgresql">PostgreSQL's version; null = it took no part.</param>
/// <param name="Commit">The commit of the repository, with a mark where files differ from it; null = no repository.</param>
sealed record Versions(Machine Machine, string Broker, string? Kafka, string? Postgresql, string? Commit)
{
    internal static async Task<Versions> OfAsync(Broker broker, string? postgresql) =>
        new(Machine.This, broker.Description, broker.Version, postgresql, await CommitAsync());

    static async Task<string?> CommitAsync()
    {
        if (Repository.Root is not { } root)
            return null;
        try
        {
            var run = await ChildRun.RunAsync("git", "-C", root, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*");
            return run.ExitCode == 0 ? run.Output.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no git here
        }
    }
}
