using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaJoin.Pipeline.Plugins;

/// <summary>Makes objects of types that the configuration names, as "Namespace.Type, Assembly".</summary>
static class NamedType
{
    /// <summary>Makes one.</summary>
    /// <param name="name">The type's name.</param>
    /// <param name="known">The other words that may stand there.</param>
    /// <param name="services">
    /// Give a constructor what it takes beside the arguments, or instead of them; null = no application does.
    /// </param>
    /// <param name="arguments">What its constructor takes.</param>
    /// <exception cref="UserException">
    /// There is no such type, it is no <typeparamref name="T"/>, or its constructor failed.
    /// </exception>
    internal static T Create<T>(string name, string known, IServiceProvider? services, params object[] arguments)
        where T : class
    {
        var type = PluginFinder.Standard.Find<T>(name, out var problem) ?? throw new UserException(
            $"unknown format '{name}': it is one of {known}, or \"Namespace.Type, Assembly\" of an {typeof(T).Name}; {problem}", 78);
        try
        {
            return (T)(FromServices(type, services, arguments) ?? Activator.CreateInstance(type, arguments)!);
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

    // A type whose constructor takes the arguments alone is made as without services.
    static object? FromServices(Type type, IServiceProvider? services, object[] arguments)
    {
        var takesThemAlone = type.GetConstructors().Any(constructor => Takes(constructor, arguments));
        if (services is null || takesThemAlone)
            return null;
        try
        {
            return ActivatorUtilities.CreateInstance(services, type, arguments);
        }
        catch (Exception e) when (e is not UserException)
        {
            throw new UserException($"the type {type.FullName} cannot be made by the application's services: {e.Message}", 78);
        }
    }

    static bool Takes(ConstructorInfo constructor, object[] arguments)
    {
        var parameters = constructor.GetParameters();
        return parameters.Length == arguments.Length
            && parameters.Zip(arguments, (parameter, argument) => parameter.ParameterType.IsInstanceOfType(argument)).All(fits => fits);
    }
}
