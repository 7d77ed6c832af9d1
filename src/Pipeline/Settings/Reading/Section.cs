using System.Globalization;
using AkkaJoin.Pipeline.Hocon;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>
/// Reads the keys of one object, and those that it lacks of another. A wrong value is noted and some value of the type
/// is returned, so that reading goes on and finds the other errors too.
/// </summary>
/// <param name="path">The full path of the object.</param>
/// <param name="own">The object, or null where it is not there.</param>
/// <param name="defaults">The values of keys that <paramref name="own"/> does not have, or null.</param>
/// <param name="around">The origin to name where the object is not in the user's configuration.</param>
/// <param name="problems">Takes the problems.</param>
sealed class Section(string path, HoconObject? own, HoconObject? defaults, HoconOrigin around, ProblemList problems)
{
    /// <summary>The full path of the object.</summary>
    public string Path => path;

    /// <summary>The origin of the object in the user's configuration, or of the one around it.</summary>
    public HoconOrigin Origin => own is null || IsDefault(own) ? around : own.Origin;

    /// <summary>The full path of a key.</summary>
    public string KeyOf(string key) => $"{path}.{Paths.Show([key])}";

    /// <summary>The object at a key.</summary>
    public Section Child(string key) => Child(key, defaults?.Find(key) as HoconObject);

    /// <summary>The object at a key, with other defaults than those beside this object.</summary>
    public Section Child(string key, HoconObject? childDefaults)
    {
        HoconValue? child = null;
        own?.Fields.TryGetValue(key, out child);
        if (child is not (null or HoconNull or HoconObject))
            problems.Add(KeyOf(key), child.Origin, $"must be an object in braces, not {child.Kind}");
        return new Section(KeyOf(key), child as HoconObject, childDefaults, Origin, problems);
    }

    /// <summary>The value in force, or null where the key is not set. An explicit null hides the default.</summary>
    public HoconValue? Value(string key) => ValueOrNull(key) is { } value and not HoconNull ? value : null;

    /// <summary>The origin of the value at a dotted path; null where there is none.</summary>
    public string? OriginAt(string dottedPath) => (own?.Find(dottedPath) ?? defaults?.Find(dottedPath))?.Origin.ToString();

    /// <summary>Whether the object itself, and not its defaults, has the key.</summary>
    public bool Sets(string key) => own?.Fields.TryGetValue(key, out var value) == true && value is not HoconNull;

    /// <summary>Whether the user has set the key, here or in the defaults of all joins.</summary>
    public bool IsSetByUser(string key) => Value(key) is { } value && !IsDefault(value);

    /// <summary>Whether the value of a key was found wrong. The value in its place has no meaning.</summary>
    public bool IsRefused(string key) => problems.Has(KeyOf(key));

    /// <summary>Whether anything in the object was found wrong.</summary>
    public bool IsAnyRefused => problems.HasBelow(path);

    /// <summary>Notes that the value of a key is wrong: "KEY (origin) <paramref name="predicate"/>".</summary>
    public void Refuse(string key, string predicate) => problems.Add(KeyOf(key), OriginOf(key), predicate);

    /// <summary>Notes that the object itself is wrong.</summary>
    public void RefuseSelf(string predicate) => problems.Add(path, Origin, predicate);

    /// <summary>Notes that something at a dotted path below this object is wrong.</summary>
    public void RefuseAt(string dottedPath, HoconOrigin origin, string predicate) =>
        problems.Add($"{path}.{dottedPath}", origin, predicate);

    /// <summary>A text, or null where the key is not set.</summary>
    public string? Text(string key) => TextOf(key, "a text");

    /// <summary>A text that must be there and not be empty.</summary>
    public string RequiredText(string key)
    {
        var value = Value(key) is null ? Missing(key) : Text(key);
        if (value is { Length: 0 } && Value(key) is HoconText) Refuse(key, "must not be empty");
        return value ?? "";
    }

    /// <summary>A duration in ms between two bounds, both inclusive.</summary>
    public long Duration(string key, long min, long max)
    {
        const string form = "a duration such as 10s, 5 minutes or 500 ms";
        if (RequiredTextOf(key, form) is not { } text) return min;
        if (!Durations.TryParse(text, out var ms))
        {
            RefuseValue(key, $"must be {form}", text);
            return min;
        }

        return InRange(key, ms, min, max, Durations.Show);
    }

    /// <summary>A size in bytes between two bounds, both inclusive.</summary>
    public int Bytes(string key, int min, int max) => (int)LongBytes(key, min, max);

    /// <summary>A size in bytes between two bounds, both inclusive, that may exceed 2 GiB.</summary>
    public long LongBytes(string key, long min, long max)
    {
        const string form = "a size such as 64 KiB, 4 MiB or a number of bytes";
        if (RequiredTextOf(key, form) is not { } text) return min;
        if (Sizes.TryParse(text, out var bytes)) return InRange(key, bytes, min, max, Sizes.Show);
        RefuseValue(key, $"must be {form}", text);
        return min;
    }

    /// <summary>A whole number between two bounds, both inclusive.</summary>
    public int Number(string key, int min, int max)
    {
        const string form = "a whole number";
        if (RequiredTextOf(key, form) is not { } text) return min;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return (int)InRange(key, number, min, max, bound => bound.ToString(CultureInfo.InvariantCulture));
        RefuseValue(key, $"must be {form} from {min} to {max}", text);
        return min;
    }

    /// <summary>A yes or no.</summary>
    public bool Flag(string key) =>
        Choice(key, ("true", true), ("false", false), ("on", true), ("off", false), ("yes", true), ("no", false));

    /// <summary>One of several words.</summary>
    public T Choice<T>(string key, params (string Word, T Value)[] choices)
    {
        var words = choices.Select(choice => choice.Word).ToList();
        var form = OneOf(words);
        if (RequiredTextOf(key, form) is not { } text) return choices[0].Value;
        foreach (var choice in choices)
        {
            if (choice.Word == text) return choice.Value;
        }

        var meant = NearestWord.Find(text, words);
        RefuseValue(key, $"must be {form}", text, meant is null ? "" : $"; did you mean {meant}?");
        return choices[0].Value;
    }

    /// <summary>A list of texts, or one text that stands for a list of one. Empty where the key is not set.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        switch (Value(key))
        {
            case null:
                return [];
            case HoconText text:
                return IsTooLong(key, text.Text) ? [] : [text.Text];
            case HoconArray { Items.Count: > ReadingLimits.ListItems } array:
                Refuse(key, $"must have {ReadingLimits.ListItems} elements at most; it has {array.Items.Count}");
                return [];
            case HoconArray array when array.Items.All(item => item is HoconText):
                if (array.Items.Any(item => IsTooLong(key, ((HoconText)item).Text))) return [];
                return [.. array.Items.Select(item => ((HoconText)item).Text)];
            case var other:
                Refuse(key, $"must be a text or a list of texts, not {(other is HoconArray ? "a list of other things" : other.Kind)}");
                return [];
        }
    }

    /// <summary>Refuses a value, which is shown unless it is a secret.</summary>
    public void RefuseValue(string key, string predicate, string value, string hint = "") =>
        Refuse(key, $"{predicate}; it is \"{OneLine.Beginning(Secrets.Mask(KeyOf(key), value), ReadingLimits.ShownCharacters)}\"{hint}");

    /// <summary>Never an origin in the defaults: the user has not written these.</summary>
    HoconOrigin OriginOf(string key) => Value(key) is { } value && !IsDefault(value) ? value.Origin : Origin;

    static bool IsDefault(HoconValue value) => value.Origin.File == ReferenceConfig.Name;

    HoconValue? ValueOrNull(string key)
    {
        if (own is not null && own.Fields.TryGetValue(key, out var value)) return value;
        return defaults is not null && defaults.Fields.TryGetValue(key, out value) ? value : null;
    }

    string? Missing(string key)
    {
        problems.Add(KeyOf(key), Origin, "is missing");
        return null;
    }

    /// <summary>The text of a key that must be set, or null after noting what is wrong.</summary>
    string? RequiredTextOf(string key, string form) => Value(key) is null ? Missing(key) : TextOf(key, form);

    string? TextOf(string key, string form)
    {
        var value = Value(key);
        if (value is not (null or HoconText)) Refuse(key, $"must be {form}, not {value.Kind}");
        return value is not HoconText text || IsTooLong(key, text.Text) ? null : text.Text;
    }

    bool IsTooLong(string key, string text)
    {
        if (text.Length <= ReadingLimits.TextCharacters) return false;
        Refuse(key, $"must have {ReadingLimits.TextCharacters} characters at most; it has {text.Length}");
        return true;
    }

    long InRange(string key, long value, long min, long max, Func<long, string> show)
    {
        if (value >= min && value <= max) return value;
        Refuse(key, $"must lie between {show(min)} and {show(max)}; it is {show(value)}");
        return min;
    }

    static string OneOf(List<string> words) =>
        words.Count == 1 ? words[0] : $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}";
}
