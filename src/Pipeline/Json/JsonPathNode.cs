using System.Text.Json;

namespace AkkaJoin.Pipeline.Json;

/// <summary>A name in the tree of the paths that a <see cref="JsonScanner"/> looks for.</summary>
sealed class JsonPathNode(byte[] name)
{
    JsonPathNode[] _children = [];

    internal byte[] Name { get; } = name;

    /// <summary>The slot of the path that ends here, or -1.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>Whether the object at hand had this name already; only then is there something to forget.</summary>
    internal bool Seen { get; set; }

    internal ReadOnlySpan<JsonPathNode> Children => _children;

    internal JsonPathNode Child(byte[] name)
    {
        foreach (var child in _children)
        {
            if (child.Name.AsSpan().SequenceEqual(name))
                return child;
        }

        var added = new JsonPathNode(name);
        _children = [.. _children, added];
        return added;
    }

    /// <summary>The child with the name of the property that the reader is at, or null.</summary>
    internal JsonPathNode? Find(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped)
            return FindUnescaped(ref reader);
        var name = reader.ValueSpan;
        foreach (var child in _children)
        {
            if (name.SequenceEqual(child.Name))
                return child;
        }

        return null;
    }

    JsonPathNode? FindUnescaped(ref Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        foreach (var child in _children)
        {
            if (JsonText.UnescapesTo(name, child.Name))
                return child;
        }

        return null;
    }
}
