using System.Reflection;

namespace AkkaJoin.Pipeline;

/// <summary>Makes objects of types that the configuration names, as "Namespace.Type, Assembly".</summary>
static class NamedType
{
    /// <exception cref="UserException">There is no such type, it is no <typeparamref name="T"/>, or its constructor failed.</exception>
    internal static T Create<T>(string name, string known, params object[] arguments)
        where T : class
    {
        var type = Find(name) ?? throw new UserException(
            $"unknown format '{name}': it is one of {known}, or the name of a type as \"Namespace.Type, Assembly\"", 78);
        if (!typeof(T).IsAssignableFrom(type))
            throw new UserException($"the type {name} does not implement {typeof(T).FullName}", 78);
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
            throw e.InnerException as UserException
                ?? new UserException($"the type {name} cannot be made: {e.InnerException.Message}", 78);
        }
    }

    static Type? Find(string name)
    {
        try
        {
            return Type.GetType(name, throwOnError: false);
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or ArgumentException or TypeLoadException)
        {
            return null;
        }
    }
}
