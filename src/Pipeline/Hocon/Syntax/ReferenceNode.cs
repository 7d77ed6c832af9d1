namespace AkkaJoin.Pipeline.Hocon.Syntax;

/// <summary>A substitution, <c>${path}</c> or <c>${?path}</c>.</summary>
/// <param name="path">The keys as written.</param>
/// <param name="within">The path of the object into which the file was included: the keys are looked for there first.</param>
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
