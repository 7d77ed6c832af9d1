namespace AkkaJoin.Pipeline.Hocon;

/// <summary>
/// A configuration made of several texts, each overriding those added before it. Substitutions are resolved once all
/// are there, so that a default may refer to what a user sets, and the reverse.
/// </summary>
sealed class HoconDocument
{
    readonly ObjectNode _root = new(new HoconOrigin("", 0));
    readonly Includes _includes = new();

    /// <summary>Adds a text; <paramref name="name"/> stands for the file in origins and messages.</summary>
    /// <exception cref="HoconException">It is no configuration.</exception>
    public HoconDocument AddText(string text, string name)
    {
        if (text.Length > HoconLimits.FileBytes)
            throw new HoconException($"the text is larger than {HoconLimits.FileBytes / 1024 / 1024} MiB", name, 0);
        _includes.Count(text.Length, new HoconOrigin(name, 0));
        _root.Absorb(new Parser(new Scanner(text, name), _includes, []).ParseFile());
        return this;
    }

    /// <summary>Adds a file in UTF-8 and what it includes.</summary>
    /// <exception cref="HoconException">It cannot be read, or is no configuration.</exception>
    public HoconDocument AddFile(string path)
    {
        _root.Absorb(_includes.ReadFile(path, [], new HoconOrigin(path, 0)));
        return this;
    }

    /// <summary>The values of all texts together. May be called more than once.</summary>
    /// <param name="environment">
    /// Gives the value of an environment variable, or null; the process's own if left out.
    /// </param>
    /// <param name="referred">Takes the first key of every path that a substitution names.</param>
    /// <exception cref="HoconException">A substitution is undefined or refers to itself.</exception>
    public HoconObject Resolve(Func<string, string?>? environment = null, ISet<string>? referred = null) =>
        new Resolver(_root, environment ?? Environment.GetEnvironmentVariable, referred).Resolve();

    /// <summary>The values of one text.</summary>
    /// <exception cref="HoconException">It is no configuration.</exception>
    public static HoconObject Parse(string text, string name = "text", Func<string, string?>? environment = null) =>
        new HoconDocument().AddText(text, name).Resolve(environment);
}
