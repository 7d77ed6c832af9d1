using System.Reflection;
using System.Runtime.Loader;

namespace AkkaJoin.Pipeline.Plugins;

/// <summary>
/// Loads an assembly of the user's that lies beside the program, with its own dependencies that lie beside it. AkkaJoin
/// and Akka are always the program's, even where copies lie there: to the program, a type that implements a copy's
/// interface is no decoder.
/// </summary>
sealed class PluginContext : AssemblyLoadContext
{
    readonly AssemblyDependencyResolver _resolver;

    PluginContext(string path)
        : base(Path.GetFileNameWithoutExtension(path)) => _resolver = new AssemblyDependencyResolver(path);

    /// <summary>The context in which the program itself is.</summary>
    internal static AssemblyLoadContext Program { get; } = GetLoadContext(typeof(PluginContext).Assembly) ?? Default;

    /// <summary>
    /// Loads it with everything it refers to, so that a missing assembly is found now and not at the first record.
    /// </summary>
    /// <param name="path">Its file.</param>
    /// <exception cref="IOException">It cannot be loaded, or needs an assembly that is not there.</exception>
    /// <exception cref="BadImageFormatException">It is no assembly.</exception>
    internal static Assembly LoadFrom(string path)
    {
        var context = new PluginContext(path);
        var assembly = context.LoadFromAssemblyPath(path);
        foreach (var needed in assembly.GetReferencedAssemblies())
            context.LoadFromAssemblyName(needed);
        return assembly;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (IsShared(assemblyName.Name!) && OfProgram(assemblyName.Name!) is { } shared)
            return shared;
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : nint.Zero;

    static bool IsShared(string name) =>
        name.Equals("akkajoin", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("AkkaJoin.", StringComparison.OrdinalIgnoreCase)
        || name == "Akka"
        || name.StartsWith("Akka.", StringComparison.Ordinal);

    // Compares names only: the program's is right, whichever version the user's assembly was built against.
    static Assembly? OfProgram(string name)
    {
        try
        {
            return Program.LoadFromAssemblyName(new AssemblyName(name));
        }
        catch (FileNotFoundException)
        {
            return null; // a package of Akka's that the program does not have
        }
    }
}
