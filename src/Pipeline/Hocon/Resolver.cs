using System.Runtime.CompilerServices;

namespace AkkaJoin.Pipeline.Hocon;

/// <summary>
/// Turns nodes into values. A substitution may refer to its own key: where it is a part of the value of the key that it
/// names, or is reached while that value is being resolved, it takes the key's earlier value. Where there is none, the
/// substitution is undefined.
/// </summary>
/// <param name="root">The configuration.</param>
/// <param name="environment">Gives the value of an environment variable, or null.</param>
/// <param name="referred">Takes the first key of every path that a substitution names; null = nobody asks.</param>
sealed class Resolver(ObjectNode root, Func<string, string?> environment, ISet<string>? referred = null)
{
    /// <summary>How many characters of a key are hashed or copied while one assignment is looked at.</summary>
    const int CharactersOfStep = 16;

    /// <summary>The nodes being resolved, each with the path that is selected from it.</summary>
    readonly HashSet<(Node Node, string Selected)> _underWay = [];

    int _depth;
    int _values;
    long _steps;
    long _characters;

    /// <summary>The whole configuration.</summary>
    /// <exception cref="HoconException">
    /// A substitution is undefined or refers to itself, or a limit is exceeded.
    /// </exception>
    public HoconObject Resolve() => ResolveObject(root);

    /// <summary>Null = undefined.</summary>
    HoconValue? Resolve(Node node)
    {
        Count(node);
        _depth++;
        var value = node switch
        {
            TextNode text => new HoconText(text.Text, text.Origin),
            NullNode => new HoconNull(node.Origin),
            ObjectNode o => ResolveObject(o),
            _ => ResolveOnce(node),
        };
        _depth--;
        return value;
    }

    /// <summary>Resolves a node that may refer to itself. It is marked meanwhile.</summary>
    HoconValue? ResolveOnce(Node node)
    {
        var key = KeyOf(node);
        if (!_underWay.Add(key)) throw RefersToItself(node);
        var value = node switch
        {
            ArrayNode array => ResolveArray(array),
            ReferenceNode reference => ResolveReference(reference),
            ConcatNode concat => ResolveConcat(concat),
            SelectNode select => ResolveSelect(select),
            _ => throw new InvalidOperationException($"{node.GetType().Name} is no value"),
        };
        _underWay.Remove(key);
        return value;
    }

    HoconObject ResolveObject(ObjectNode node)
    {
        var value = new HoconObject(node.Origin);
        foreach (var (key, layers) in node.Fields)
        {
            if (ResolveLayers(layers.Nodes) is { } field) value.Set(key, field);
            else if (layers.Nodes[0] is ReferenceNode { Optional: false } reference) throw RefersToItself(reference);
        }

        return value;
    }

    HoconArray ResolveArray(ArrayNode node)
    {
        var items = new List<HoconValue>(node.Items.Count);
        foreach (var item in node.Items)
        {
            if (Resolve(item) is { } value) items.Add(value);
        }

        return new HoconArray(items, node.Origin);
    }

    /// <summary>
    /// The newest layer counts; objects on top of each other are merged down to the first value that is none.
    /// </summary>
    HoconValue? ResolveLayers(IReadOnlyList<Node> layers, ReferenceNode? seeker = null)
    {
        HoconObject? upper = null;
        for (var i = CountBelowSelf(layers, seeker) - 1; i >= 0; i--)
        {
            switch (Resolve(layers[i]))
            {
                case null: continue;
                case HoconObject lower:
                    upper = upper is null ? lower : HoconObject.Merge(lower, upper, fields => Spend(fields, layers[0].Origin));
                    break;
                case var other: return upper ?? other;
            }
        }

        return upper;
    }

    /// <summary>
    /// How many layers lie below the first that is under way, or that <paramref name="seeker"/> stands in.
    /// </summary>
    int CountBelowSelf(IReadOnlyList<Node> layers, ReferenceNode? seeker)
    {
        if (_underWay.Count == 0) return layers.Count;
        for (var i = 0; i < layers.Count; i++)
        {
            Spend(1, layers[i].Origin);
            if (StandsIn(seeker, layers[i]) || _underWay.Contains(KeyOf(layers[i]))) return i;
        }

        return layers.Count;
    }

    bool StandsIn(ReferenceNode? seeker, Node node)
    {
        if (seeker is null) return false;
        Spend(1, node.Origin);
        return node switch
        {
            SelectNode select => StandsIn(seeker, select.Inner),
            ConcatNode concat => concat.Parts.Any(part => StandsIn(seeker, part)),
            ArrayNode array => array.Items.Any(item => StandsIn(seeker, item)),
            _ => ReferenceEquals(seeker, node),
        };
    }

    (Node Node, string Selected) KeyOf(Node node)
    {
        if (node is not SelectNode select) return (node, "");
        Spend(1 + (select.Selected.Length / CharactersOfStep), node.Origin);
        return (select.Inner, select.Selected);
    }

    HoconValue? ResolveReference(ReferenceNode reference)
    {
        var value = Find(reference, []);
        if (value is null && !reference.Optional)
        {
            throw new HoconException(
                $"{reference} is not defined: no such key above it, and no such environment variable", reference.Origin);
        }

        if (reference.MustBeObject && value is not (null or HoconObject))
            throw new HoconException($"{reference} is {value.Kind} and cannot be joined with an object", reference.Origin);
        return value;
    }

    HoconValue? ResolveSelect(SelectNode select)
    {
        if (select.Inner is ReferenceNode reference) return Find(reference, select.Path);
        return Resolve(select.Inner) is HoconObject value && value.TryFind(select.Path, out var field) ? field : null;
    }

    /// <summary>
    /// First relative to the object that the file was included into, then from the root, then in the environment.
    /// </summary>
    HoconValue? Find(ReferenceNode reference, IReadOnlyList<string> further)
    {
        IReadOnlyList<string> path = [.. reference.Path, .. further];
        referred?.Add(reference.Path[0]);
        if (reference.Within.Count > 0)
            referred?.Add(reference.Within[0]);
        Spend(path.Count + reference.Within.Count, reference.Origin);
        if (reference.Within.Count > 0 && Find([.. reference.Within, .. path], reference) is { } near) return near;
        if (Find(path, reference) is { } value) return value;
        if (further.Count > 0) return null;

        var name = string.Join('.', path);
        Spend(1 + (name.Length / CharactersOfStep), reference.Origin);
        return name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal) && environment(name) is { } text
            ? new HoconText(text, reference.Origin with { Environment = name })
            : null;
    }

    HoconValue? Find(IReadOnlyList<string> path, ReferenceNode seeker) => ResolveLayers(Layers(path, seeker), seeker);

    /// <summary>The layers of a path, without resolving more than lies on the way.</summary>
    List<Node> Layers(IReadOnlyList<string> path, ReferenceNode seeker)
    {
        var layers = new List<Node> { root };
        foreach (var key in path)
        {
            var next = new List<Node>();
            Spend(1 + (key.Length / CharactersOfStep), seeker.Origin);
            foreach (var layer in layers.TakeWhile(layer => !StandsIn(seeker, layer))) AddLayers(next, layer, key);
            layers = next;
        }

        return layers;
    }

    void AddLayers(List<Node> layers, Node node, string key)
    {
        Spend(1, node.Origin);
        switch (node)
        {
            case ObjectNode o when o.Fields.TryGetValue(key, out var field):
                Spend(field.Nodes.Count, node.Origin);
                layers.AddRange(field.Nodes);
                break;
            case SelectNode select:
                Spend(select.Path.Count + (select.Selected.Length / CharactersOfStep), node.Origin);
                layers.Add(new SelectNode(select.Inner, [.. select.Path, key]));
                break;
            case ReferenceNode or ConcatNode:
                layers.Add(new SelectNode(node, [key]));
                break;
            case TextNode or NullNode or ArrayNode:
                layers.Clear();
                break;
        }
    }

    HoconValue? ResolveConcat(ConcatNode concat)
    {
        var parts = new List<(Node Node, HoconValue? Value)>(concat.Parts.Count);
        foreach (var part in concat.Parts) parts.Add((part, Resolve(part)));
        var values = parts
            .Where(part => part is { Node: not TextNode { IsSpace: true }, Value: not null })
            .Select(part => part.Value!)
            .ToList();
        return values switch
        {
            [] => null,
            _ when values.All(value => value is HoconObject) => MergeAll(values.Cast<HoconObject>(), concat.Origin),
            _ when values.All(value => value is HoconArray) => JoinLists(values.Cast<HoconArray>(), concat.Origin),
            _ => JoinTexts(parts.Select(part => part.Value), concat.Origin),
        };
    }

    HoconObject MergeAll(IEnumerable<HoconObject> objects, HoconOrigin origin) =>
        objects.Aggregate((lower, upper) => HoconObject.Merge(lower, upper, fields => Spend(fields, origin)));

    HoconArray JoinLists(IEnumerable<HoconArray> lists, HoconOrigin origin)
    {
        var items = new List<HoconValue>();
        foreach (var list in lists)
        {
            Spend(list.Items.Count, origin);
            items.AddRange(list.Items);
        }

        return new HoconArray(items, origin);
    }

    HoconText JoinTexts(IEnumerable<HoconValue?> values, HoconOrigin origin)
    {
        var texts = values.Where(value => value is not null).ToList();
        if (texts.Find(value => value is not (HoconText or HoconNull)) is { } other)
            throw new HoconException($"{other.Kind} cannot be joined with a text", origin);
        _characters += texts.Sum(value => (long)((value as HoconText)?.Text.Length ?? "null".Length));
        return _characters > HoconLimits.ResolvedCharacters
            ? throw new HoconException($"substitutions make more than {HoconLimits.ResolvedCharacters} characters", origin)
            : new HoconText(string.Concat(texts), Single(texts) ?? origin);
    }

    /// <summary>A text that came from the environment as a whole keeps that origin.</summary>
    static HoconOrigin? Single(List<HoconValue?> texts) => texts is [{ Origin.Environment: not null } one] ? one.Origin : null;

    static HoconException RefersToItself(Node node) => new("this value refers to itself", node.Origin);

    void Count(Node node)
    {
        if (++_values > HoconLimits.ResolvedValues)
            throw new HoconException($"the configuration has, or its substitutions make, more than {HoconLimits.ResolvedValues} "
                + "values", node.Origin);
        Spend(1, node.Origin);
        if (_depth > HoconLimits.SubstitutionDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new HoconException("the chain of substitutions is too long", node.Origin);
    }

    void Spend(int steps, HoconOrigin origin)
    {
        _steps += steps;
        if (_steps > HoconLimits.ResolvedSteps)
            throw new HoconException($"substitutions take more than {HoconLimits.ResolvedSteps} steps; a key that is assigned "
                + "often looks back often, and += is an assignment", origin);
    }
}
