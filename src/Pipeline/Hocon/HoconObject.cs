using System.Diagnostics.CodeAnalysis;

namespace AkkaJoin.Pipeline.Hocon;

/// <summary>Keys and their values, in the order in which the keys were first written.</summary>
sealed class HoconObject(HoconOrigin origin) : HoconValue(origin)
{
    readonly OrderedDictionary<string, HoconValue> _fields = new(StringComparer.Ordinal);

    /// <summary>The fields in order.</summary>
    public IReadOnlyDictionary<string, HoconValue> Fields => _fields;

    /// <inheritdoc/>
    public override string Kind => "an object";

    /// <summary>Sets one key.</summary>
    public void Set(string key, HoconValue value) => _fields[key] = value;

    /// <summary>Gives the value of one key to another key, of this object or another.</summary>
    public void Move(string from, HoconObject target, string to)
    {
        if (_fields.Remove(from, out var value))
            target._fields[to] = value;
    }

    /// <summary>The value at a path of keys, or false. An explicit null is a value.</summary>
    public bool TryFind(IEnumerable<string> path, [NotNullWhen(true)] out HoconValue? value)
    {
        value = this;
        foreach (var key in path)
        {
            if (value is HoconObject at && at._fields.TryGetValue(key, out var next))
            {
                value = next;
                continue;
            }

            value = null;
            return false;
        }

        return true;
    }

    /// <summary>The value at a dotted path whose elements contain no dots, or null.</summary>
    public HoconValue? Find(string path) => TryFind(path.Split('.'), out var value) ? value : null;

    /// <summary>
    /// A new object: the fields of <paramref name="lower"/>, overridden by those of <paramref name="upper"/>; where
    /// both have an object, these are merged alike.
    /// </summary>
    /// <param name="lower">What is overridden.</param>
    /// <param name="upper">What overrides.</param>
    /// <param name="copying">Is told how many fields will be copied; it may throw.</param>
    public static HoconObject Merge(HoconObject lower, HoconObject upper, Action<int>? copying = null)
    {
        copying?.Invoke(lower._fields.Count + upper._fields.Count);
        var merged = new HoconObject(upper.Origin);
        foreach (var (key, value) in lower._fields) merged.Set(key, value);
        foreach (var (key, value) in upper._fields)
        {
            var both = value is HoconObject above && merged._fields.TryGetValue(key, out var below) && below is HoconObject
                ? Merge((HoconObject)below, above, copying)
                : value;
            merged.Set(key, both);
        }

        return merged;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HoconObject other
        && other._fields.Count == _fields.Count
        && _fields.All(field => other._fields.TryGetValue(field.Key, out var value) && value.Equals(field.Value));

    /// <inheritdoc/>
    public override int GetHashCode() => _fields.Count;

    /// <inheritdoc/>
    public override string ToString() => $"{{{string.Join(", ", _fields.Select(field => $"{field.Key} = {field.Value}"))}}}";
}
