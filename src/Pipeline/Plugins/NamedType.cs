using System.Reflection;

namespace AkkaJoin.Pipeline.Plugins;

/// <summary>Makes objects of types that the configuration names, as "Namespace.Type, Assembly".</summary>
static class NamedType
{
    /// <exception cref="UserException">There is no such type, it is no <typeparamref name="T"/>, or its constructor failed.</exception>
    internal static T Create<T>(string name, string known, params object[] arguments)
        where T : class
    {
        var type = PluginFinder.Standard.Find<T>(name, out var problem) ?? throw new UserException(
            $"unknown format '{name}': it is one of {known}, or \"Namespace.Type, Assembly\" of an {typeof(T).Name}; {problem}", 78);
        try
        {
            return (T)Activator.CreateInstance(type, arguments)!;
        }
        catch (MissingMethodException)
        {
            var parameters = string.Join(", ", arguments.Select(a => a.GetType().Name));
            throw new UserException($"the type {name} has no public constructor ({parameters})", 78);
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            throw e.InnerException as UserException ?? new UserException($"the type {name} cannot be made: {e.InnerException.Message}", 78);
        }
        catch (Exception e) when (e is IOException or TypeLoadException or BadImageFormatException)
        {
            throw new UserException($"the type {name} cannot be made: {e.Message}", 78);
        }
    }
}
