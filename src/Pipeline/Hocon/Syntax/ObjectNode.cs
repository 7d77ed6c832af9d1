namespace AkkaJoin.Pipeline.Hocon.Syntax;

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
