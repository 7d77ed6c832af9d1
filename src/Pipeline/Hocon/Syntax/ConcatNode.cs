namespace AkkaJoin.Pipeline.Hocon.Syntax;

/// <summary>Values side by side: texts become one text, lists one list, objects one object.</summary>
sealed class ConcatNode(IReadOnlyList<Node> parts, HoconOrigin origin) : Node(origin)
{
    public IReadOnlyList<Node> Parts { get; } = parts;

    public bool HasObject => Parts.Any(part => part is ObjectNode);

    public override bool Replaces { get; } = parts.All(part => part.Replaces);
}
