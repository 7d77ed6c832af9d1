namespace AkkaJoin.Pipeline.Hocon;

/// <summary>An object as written: each key with the layers of its assignments, oldest first.</summary>
sealed class ObjectNode(HoconOrigin origin) : Node(origin)
{
    readonly OrderedDictionary<string, FieldLayers> _fields = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, FieldLayers> Fields => _fields;

    public override bool Replaces => false;

    /// <summary>Assigns a value to the key at <paramref name="path"/>, which has one element at least.</summary>
    public void Assign(IReadOnlyList<string> path, Node value)
    {
        for (var i = path.Count - 1; i > 0; i--)
        {
            var around = new ObjectNode(value.Origin);
            around.Field(path[i]).Add(value);
            value = around;
        }

        Field(path[0]).Add(value);
    }

    /// <summary>Assigns every field of <paramref name="other"/>, which must not be used afterwards.</summary>
    public void Absorb(ObjectNode other)
    {
        Origin = other.Origin;
        foreach (var (key, layers) in other._fields)
        {
            foreach (var layer in layers.Nodes) Field(key).Add(layer);
        }
    }

    FieldLayers Field(string key)
    {
        if (_fields.TryGetValue(key, out var field)) return field;
        field = new FieldLayers();
        _fields.Add(key, field);
        return field;
    }
}

/// <summary>
/// The values that were assigned to one key, oldest first. Objects next to each other are merged here already; what
/// nothing can look back at is dropped.
/// </summary>
sealed class FieldLayers
{
    readonly List<Node> _nodes = [];

    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Assigns one more value.</summary>
    /// <exception cref="HoconException">A text or a list stands beside an object.</exception>
    public void Add(Node node)
    {
        if (node is ConcatNode { HasObject: true } concat)
        {
            AddEach(concat);
            return;
        }

        if (node is ObjectNode upper && _nodes is [.., ObjectNode lower])
        {
            lower.Absorb(upper);
            return;
        }

        if (node.Replaces) _nodes.Clear();
        _nodes.Add(node);
    }

    /// <summary>
    /// <c>${base} { x = 1 }</c> is taken as two assignments. As one value, its substitution could not be resolved while
    /// x is being resolved.
    /// </summary>
    void AddEach(ConcatNode concat)
    {
        foreach (var part in concat.Parts)
        {
            if (part is TextNode { IsSpace: true }) continue;
            if (part is ReferenceNode reference) reference.MustBeObject = true;
            else if (part is not ObjectNode) throw new HoconException("an object cannot be joined with a text or a list; two "
                + "settings need a comma or a line break between them", part.Origin);
            Add(part);
        }
    }
}
