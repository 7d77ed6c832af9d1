using System.Reflection;
using Akka.Configuration;
using AkkaJoin.Pipeline.Hocon;
using Microsoft.Extensions.Configuration;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Reads configuration files: the user's over the defaults of the assemblies.</summary>
static class ConfigReader
{
    /// <summary>Reads a file and checks it.</summary>
    /// <param name="path">The user's file.</param>
    /// <param name="above">
    /// The program's assembly, which has defaults of its own and owns the actor system; null = an application does.
    /// </param>
    /// <param name="environment">
    /// Gives the value of an environment variable, or null; the process's own if left out.
    /// </param>
    /// <param name="overrides">HOCON over the file and the environment: <see cref="ConfigOverrides"/>.</param>
    /// <param name="services">Help to make decoders and row writers; null = no application does.</param>
    /// <exception cref="ConfigException">
    /// The file is missing, unreadable or wrong; it names everything that is.
    /// </exception>
    public static LoadedConfig ReadFile(
        string path,
        Assembly? above = null,
        Func<string, string?>? environment = null,
        string overrides = "",
        IServiceProvider? services = null) =>
        Read(document => Override(document.AddFile(path), overrides), path, above, environment, services);

    /// <summary>
    /// Reads a text as <see cref="ReadFile"/> reads a file; <paramref name="name"/> stands for the file.
    /// </summary>
    /// <exception cref="ConfigException">It is wrong.</exception>
    public static LoadedConfig ReadText(string text, string name, Assembly? above = null, Func<string, string?>? environment = null) =>
        Read(document => document.AddText(text, name), name, above, environment);

    /// <summary>Reads the section <c>akkajoin</c> of an application's configuration.</summary>
    /// <param name="configuration">What holds the section.</param>
    /// <param name="environment">
    /// Gives the value of an environment variable, or null; the process's own if left out.
    /// </param>
    /// <param name="services">Help to make decoders and row writers; null = no application does.</param>
    /// <exception cref="ConfigException">It is wrong.</exception>
    internal static LoadedConfig ReadSection(
        IConfiguration configuration, Func<string, string?>? environment = null, IServiceProvider? services = null) => Read(
        (document, _) => HoconObject.Merge(document.Resolve(environment), ConfigurationSections.Read(configuration)),
        ConfigurationSections.Name,
        above: null,
        environment,
        services);

    static LoadedConfig Read(
        Func<HoconDocument, HoconDocument> addUser,
        string file,
        Assembly? above,
        Func<string, string?>? environment,
        IServiceProvider? services = null) =>
        Read((document, referred) => addUser(document).Resolve(environment, referred), file, above, environment, services);

    static LoadedConfig Read(
        Func<HoconDocument, ISet<string>, HoconObject> withUser,
        string file,
        Assembly? above,
        Func<string, string?>? environment,
        IServiceProvider? services)
    {
        try
        {
            var reference = References(above).Resolve(environment);
            var referred = new HashSet<string>(StringComparer.Ordinal);
            var root = EnvironmentKeys.Over(withUser(References(above), referred), environment);
            var warnings = new List<ConfigProblem>();
            var settings = SettingsReader.Read(root, reference, file, ownsAkka: above is not null, warnings, services);
            ForeignSections.Warn(root, reference, referred, warnings);
            return new LoadedConfig(settings, ForAkka(root), EffectiveConfig.List(root, settings), warnings);
        }
        catch (HoconException e)
        {
            throw new ConfigException(file, [new ConfigProblem(e.Problem, "", null, e.Origin)]);
        }
    }

    static HoconDocument Override(HoconDocument document, string overrides) =>
        overrides.Length == 0 ? document : document.AddText(overrides, ConfigOverrides.Name);

    static HoconDocument References(Assembly? above)
    {
        var document = new HoconDocument();
        foreach (var assembly in ReferenceConfig.Assemblies) document.AddText(ReferenceConfig.Read(assembly), ReferenceConfig.Name);
        return above is null ? document : document.AddText(ReferenceConfig.Read(above), ReferenceConfig.Name);
    }

    static Config ForAkka(HoconObject root)
    {
        var others = new HoconObject(root.Origin);
        foreach (var (key, value) in root.Fields.Where(field => field.Key != "akkajoin")) others.Set(key, value);
        return others.Fields.Count == 0 ? Config.Empty : AkkaText.Parse(others);
    }
}
