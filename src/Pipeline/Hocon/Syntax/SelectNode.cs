namespace AkkaJoin.Pipeline.Hocon.Syntax;

/// <summary>The field at <paramref name="path"/> of what <paramref name="inner"/> turns out to be.</summary>
sealed class SelectNode(Node inner, IReadOnlyList<string> path) : Node(inner.Origin)
{
    public Node Inner { get; } = inner;

    public IReadOnlyList<string> Path { get; } = path;

    /// <summary>The path as one text.</summary>
    public string Selected { get; } = string.Join('\0', path);

    public override bool Replaces => false;
}
