using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;

namespace AkkaJoin.Pipeline.Plugins;

/// <summary>
/// Finds types that the configuration names as "Namespace.Type, Assembly": in the program and what it was built with,
/// or in ASSEMBLY.dll beside the program or in a directory ASSEMBLY of its own there.
/// </summary>
/// <param name="directory">Where the program is.</param>
sealed class PluginFinder(string directory)
{
    const int ShownTypesMax = 5;

    // Loaded once: a type of an assembly that is loaded twice is two types.
    readonly ConcurrentDictionary<string, Lazy<Assembly>> _plugins = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>That of the process.</summary>
    internal static PluginFinder Standard { get; } = new(AppContext.BaseDirectory);

    /// <summary>Finds a type that implements <typeparamref name="T"/>.</summary>
    /// <param name="name">As the configuration has it.</param>
    /// <param name="problem">The problem where there is none.</param>
    internal Type? Find<T>(string name, out string problem)
    {
        problem = "";
        if (!TypeName.TryParse(name, out var parsed) || parsed.AssemblyName is not { } assemblyName)
        {
            problem = "it is not written as \"Namespace.Type, Assembly\"";
            return null;
        }

        if (LoadAssembly(assemblyName.Name, out problem) is not { } assembly)
            return null;
        var type = FindType(assembly, parsed.FullName, out problem);
        if (type is null && problem.Length == 0)
            problem = $"the assembly {assemblyName.Name} ({LocationOf(assembly)}) has no type {parsed.FullName}{Others<T>(assembly)}";
        if (type is null || (typeof(T).IsAssignableFrom(type) && !type.IsAbstract))
            return type;
        problem = type.IsAbstract
            ? $"the type {parsed.FullName} is abstract"
            : $"the type {parsed.FullName} does not implement {typeof(T).FullName}";
        return null;
    }

    Assembly? LoadAssembly(string name, out string problem)
    {
        problem = "";
        try
        {
            return _plugins.TryGetValue(name, out var loaded)
                ? loaded.Value
                : PluginContext.Program.LoadFromAssemblyName(new AssemblyName(name));
        }
        catch (FileNotFoundException)
        {
            return LoadBeside(name, out problem);
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or ArgumentException)
        {
            problem = $"the assembly {name} cannot be loaded: {e.Message}";
            return null;
        }
    }

    Assembly? LoadBeside(string name, out string problem)
    {
        problem = "";
        var path = Path.GetFileName(name) == name ? Candidates(name).FirstOrDefault(File.Exists) : null;
        if (path is null)
        {
            problem = $"there is no assembly {name}: put {name}.dll, with its .deps.json and its dependencies, into {directory} "
                + $"or into a directory {name} there";
            return null;
        }

        try
        {
            return _plugins.GetOrAdd(name, _ => new Lazy<Assembly>(() => PluginContext.LoadFrom(path))).Value;
        }
        catch (FileNotFoundException e) when (e.FileName is { } file)
        {
            problem = $"the assembly {path} needs {new AssemblyName(file).Name}.dll, which is not beside it";
            return null;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            problem = $"the assembly {path} cannot be loaded: {e.Message}";
            return null;
        }
    }

    IEnumerable<string> Candidates(string name) => [Path.Combine(directory, name, name + ".dll"), Path.Combine(directory, name + ".dll")];

    static Type? FindType(Assembly assembly, string name, out string problem)
    {
        problem = "";
        try
        {
            return assembly.GetType(name, throwOnError: false);
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException)
        {
            problem = $"the assembly {assembly.GetName().Name} ({LocationOf(assembly)}) does not fit: {e.Message}";
            return null;
        }
    }

    static string Others<T>(Assembly assembly)
    {
        try
        {
            var names = assembly.GetExportedTypes().Where(t => typeof(T).IsAssignableFrom(t) && t is { IsAbstract: false })
                .Select(t => t.FullName!).Order(StringComparer.Ordinal).Take(ShownTypesMax).ToList();
            return names.Count == 0 ? $", and none that implements {typeof(T).Name}" : $"; it has {string.Join(", ", names)}";
        }
        catch (Exception e) when (e is IOException or TypeLoadException or BadImageFormatException)
        {
            return "";
        }
    }

    static string LocationOf(Assembly assembly) => assembly.Location.Length > 0 ? assembly.Location : "in the program";
}
