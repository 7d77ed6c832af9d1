using AkkaJoin.Pipeline.Plugins;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Formats that are classes of the user's.</summary>
static class TypeNames
{
    /// <summary>
    /// Notes a format that is neither one of ours nor a class that implements <typeparamref name="T"/>.
    /// </summary>
    public static string Check<T>(Section section, string key, params string[] ours)
    {
        var format = section.RequiredText(key);
        if (format.Length == 0 || ours.Contains(format)) return format;
        if (PluginFinder.Standard.Find<T>(format, out var problem) is null)
            section.RefuseValue(key, $"must be {string.Join(", ", ours)} or \"Namespace.Type, Assembly\" of an {typeof(T).Name}: "
                + $"{problem}", format);
        return format;
    }
}
