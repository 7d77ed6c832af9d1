namespace AkkaJoin.Pipeline.Hocon.Syntax;

/// <summary>The field at <paramref name="path"/> of what <paramref name="inner"/> turns out to be.</summary>
sealed class SelectNode(Node inner, IReadOnlyList<string> path) : Node(inner.Origin)
{
    public Node Inner { get; } = inner;

    public IReadOnlyList<string> Path { get; } = path;

    public override bool Replaces => false;
}
