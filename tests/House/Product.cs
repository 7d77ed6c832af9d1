using Mono.Cecil;

namespace AkkaJoin.House.Tests;

/// <summary>The assemblies as they were compiled, and the sources beside them.</summary>
static class Product
{
    /// <summary>From the lowest to the highest: each may refer to those before it.</summary>
    public static readonly string[] Assemblies = ["Shards", "Pipeline", "Cockpit", "Host"];

    /// <summary>The directory that has AkkaJoin.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The assembly of src/<paramref name="name"/>.</summary>
    public static AssemblyDefinition Read(string name) =>
        AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, FileName(name)));

    /// <summary>The name of the assembly of src/<paramref name="name"/>, without its extension.</summary>
    public static string AssemblyName(string name) => Path.GetFileNameWithoutExtension(FileName(name));

    static string FileName(string name) => name == "Host" ? "akkajoin.dll" : $"AkkaJoin.{name}.dll";

    static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory != null && !File.Exists(Path.Combine(directory.FullName, "AkkaJoin.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("AkkaJoin.sln is in no directory above the tests");
    }
}
