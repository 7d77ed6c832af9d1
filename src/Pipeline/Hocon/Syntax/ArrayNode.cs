namespace AkkaJoin.Pipeline.Hocon.Syntax;

/// <summary>A list.</summary>
sealed class ArrayNode(IReadOnlyList<Node> items, HoconOrigin origin) : Node(origin)
{
    public IReadOnlyList<Node> Items { get; } = items;

    public override bool Replaces { get; } = items.All(item => item.Replaces);
}
