namespace AkkaJoin.Pipeline.Hocon;

/// <summary>A value as written, before substitution.</summary>
abstract class Node(HoconOrigin origin)
{
    /// <summary>Where it was written; of an object that was written in several places, the last of them.</summary>
    public HoconOrigin Origin { get; protected set; } = origin;

    /// <summary>
    /// Whether it replaces every earlier value of its key. False for an object, which merges with them, and for a value
    /// with a substitution in it, which may refer to them.
    /// </summary>
    public abstract bool Replaces { get; }
}

/// <summary>A text, quoted or not.</summary>
/// <param name="bare">Whether it stood without quotes, so that the word null means null.</param>
/// <param name="space">Whether it is the space between two values that stand side by side.</param>
sealed class TextNode(string text, HoconOrigin origin, bool bare = false, bool space = false) : Node(origin)
{
    public string Text { get; } = text;

    public bool IsNullWord => bare && Text == "null";

    public bool IsSpace => space;

    public override bool Replaces => true;
}

/// <summary>The word null.</summary>
sealed class NullNode(HoconOrigin origin) : Node(origin)
{
    public override bool Replaces => true;
}

/// <summary>A list.</summary>
sealed class ArrayNode(IReadOnlyList<Node> items, HoconOrigin origin) : Node(origin)
{
    public IReadOnlyList<Node> Items { get; } = items;

    public override bool Replaces { get; } = items.All(item => item.Replaces);
}

/// <summary>Values side by side: texts become one text, lists one list, objects one object.</summary>
sealed class ConcatNode(IReadOnlyList<Node> parts, HoconOrigin origin) : Node(origin)
{
    public IReadOnlyList<Node> Parts { get; } = parts;

    public bool HasObject => Parts.Any(part => part is ObjectNode);

    public override bool Replaces { get; } = parts.All(part => part.Replaces);
}

/// <summary>A substitution, <c>${path}</c> or <c>${?path}</c>.</summary>
/// <param name="path">The keys as written.</param>
/// <param name="within">
/// The path of the object into which the file was included: the keys are looked for there first.
/// </param>
/// <param name="optional">Whether it may be undefined.</param>
/// <param name="origin">Where it stands.</param>
sealed class ReferenceNode(
    IReadOnlyList<string> path, IReadOnlyList<string> within, bool optional, HoconOrigin origin) : Node(origin)
{
    public IReadOnlyList<string> Path { get; } = path;

    public IReadOnlyList<string> Within { get; } = within;

    public bool Optional { get; } = optional;

    /// <summary>Whether it stands beside an object, so that nothing but an object may come of it.</summary>
    public bool MustBeObject { get; set; }

    public override bool Replaces => false;

    public override string ToString() => $"${{{(Optional ? "?" : "")}{string.Join('.', Path)}}}";
}

/// <summary>The field at <paramref name="path"/> of what <paramref name="inner"/> turns out to be.</summary>
sealed class SelectNode(Node inner, IReadOnlyList<string> path) : Node(inner.Origin)
{
    public Node Inner { get; } = inner;

    public IReadOnlyList<string> Path { get; } = path;

    /// <summary>The path as one text.</summary>
    public string Selected { get; } = string.Join('\0', path);

    public override bool Replaces => false;
}
