using System.Reflection;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>The defaults that each assembly carries as its reference.conf.</summary>
static class ReferenceConfig
{
    /// <summary>What origins name in place of a file.</summary>
    public const string Name = "reference.conf";

    /// <summary>The assemblies below this one and this one, in the order in which they override each other.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } = [typeof(JoinDefinition).Assembly, typeof(ReferenceConfig).Assembly];

    /// <summary>The text of one assembly's reference.conf.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public static string Read(Assembly assembly)
    {
        var resource = assembly.GetManifestResourceNames().SingleOrDefault(name => name.EndsWith("." + Name, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no {Name}");
        using var text = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return text.ReadToEnd();
    }
}
