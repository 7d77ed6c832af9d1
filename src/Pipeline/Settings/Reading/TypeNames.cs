namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Formats that are classes of the user's.</summary>
static class TypeNames
{
    /// <summary>Notes a format that is neither one of ours nor a class that implements <typeparamref name="T"/>.</summary>
    public static string Check<T>(Section section, string key, params string[] ours)
    {
        var format = section.RequiredText(key);
        if (format.Length == 0 || ours.Contains(format)) return format;
        var known = $"{string.Join(", ", ours)} or \"Namespace.Type, Assembly\" of an {typeof(T).Name}";
        if (Load(format) is not { } type) section.RefuseValue(key, $"must be {known} that can be loaded", format);
        else if (!typeof(T).IsAssignableFrom(type) || type.IsAbstract)
            section.RefuseValue(key, $"must be {known}; the type does not implement it", format);
        return format;
    }

    static Type? Load(string name)
    {
        try
        {
            return Type.GetType(name, throwOnError: false);
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException or ArgumentException)
        {
            return null;
        }
    }
}
