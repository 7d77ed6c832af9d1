using System.Globalization;
using AkkaJoin.Pipeline.Hocon;
using Microsoft.Extensions.Configuration;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>
/// Reads the section <c>akkajoin</c> of an application's configuration (<c>appsettings.json</c>, environment variables)
/// as if it stood in a configuration file. The keys are those of the file. Case does not count there, so every key is
/// taken in lower case, but for the names of joins.
/// </summary>
static class ConfigurationSections
{
    /// <summary>What messages call it in place of a file.</summary>
    internal const string Name = "IConfiguration";

    const string Section = "akkajoin", Joins = "joins";

    /// <summary>The section as an object that holds it.</summary>
    /// <exception cref="HoconException">There is none.</exception>
    internal static HoconObject Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (!section.GetChildren().Any())
            throw new HoconException($"there is no section {Section}", Name, 0);
        var root = new HoconObject(OriginOf(section));
        root.Set(Section, ValueOf(section, keepsCase: false));
        return root;
    }

    static HoconValue ValueOf(IConfigurationSection section, bool keepsCase)
    {
        var (origin, children) = (OriginOf(section), section.GetChildren().ToList());
        if (children.Count == 0)
            return section.Value is { } text ? new HoconText(text, origin) : new HoconNull(origin);
        if (children.TrueForAll(child => IndexOf(child) is not null))
            return new HoconArray([.. children.OrderBy(IndexOf).Select(child => ValueOf(child, keepsCase: false))], origin);
        var fields = new HoconObject(origin);
        foreach (var child in children)
            Add(fields, child, keepsCase);
        return fields;
    }

    // A key with dots is a path, as in a file: kafka.client has such keys.
    static void Add(HoconObject fields, IConfigurationSection child, bool keepsCase)
    {
        var isJoins = child.Path.Equals($"{Section}:{Joins}", StringComparison.OrdinalIgnoreCase);
        var value = ValueOf(child, isJoins);
        string[] path = keepsCase ? [child.Key] : LowerCase(child.Key).Split('.');
        foreach (var name in path[..^1])
        {
            var below = fields.Fields.GetValueOrDefault(name) as HoconObject ?? new HoconObject(OriginOf(child));
            fields.Set(name, below);
            fields = below;
        }

        var merged = value is HoconObject upper && fields.Fields.GetValueOrDefault(path[^1]) is HoconObject lower
            ? HoconObject.Merge(lower, upper)
            : value;
        fields.Set(path[^1], merged);
    }

    static int? IndexOf(IConfigurationSection child) =>
        int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    static string LowerCase(string key) => string.Create(key.Length, key, static (lower, text) => text.AsSpan().ToLowerInvariant(lower));

    static HoconOrigin OriginOf(IConfigurationSection section) => new($"{Name}, {section.Path}", 0);
}
