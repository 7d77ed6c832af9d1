namespace AkkaJoin.Pipeline.Hocon.Syntax;

/// <summary>
/// What was assigned to one key, oldest first. Objects next to each other are merged here already; what nothing can look back at
/// is dropped.
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
    /// <c>${base} { x = 1 }</c> is two assignments. As one value its substitution could not be looked through while x is being
    /// resolved.
    /// </summary>
    void AddEach(ConcatNode concat)
    {
        foreach (var part in concat.Parts)
        {
            if (part is TextNode { IsSpace: true }) continue;
            if (part is ReferenceNode reference) reference.MustBeObject = true;
            else if (part is not ObjectNode) throw new HoconException("an object cannot be joined with a text or a list; two settings need a comma or a line break between them", part.Origin);
            Add(part);
        }
    }
}
