using System.Reflection;
using System.Runtime.Loader;
using AkkaJoin.Simulation.Load;

namespace AkkaJoin.Simulation.Mutants;

/// <summary>A second load of the simulation and of what it simulates, with one assembly replaced by a mutant.</summary>
sealed class MutantWorld(string mutated, byte[] bytes) : AssemblyLoadContext("a mutant", isCollectible: true)
{
    static readonly string[] Own = ["AkkaJoin.Shards", "AkkaJoin.Pipeline", "AkkaJoin.Simulation.Tests"];

    /// <summary>How the first of these seeds that fails does so, or null.</summary>
    internal string? FirstFailure(int from, int seeds, Leaning leaning = Leaning.None)
    {
        var run = LoadFromAssemblyName(new AssemblyName("AkkaJoin.Simulation.Tests")).GetType(typeof(SimulationRun).FullName!, throwOnError: true)!;
        var method = run.GetMethod(nameof(SimulationRun.FirstFailure), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (string?)method.Invoke(null, [from, seeds, (int)leaning]);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == mutated)
            return LoadFromStream(new MemoryStream(bytes));
        return Own.Contains(assemblyName.Name) ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll")) : null;
    }
}
