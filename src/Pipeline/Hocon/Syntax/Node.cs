namespace AkkaJoin.Pipeline.Hocon.Syntax;

/// <summary>A value as written, before substitution.</summary>
abstract class Node(HoconOrigin origin)
{
    /// <summary>Where it was written; of an object that was written in several places, the last of them.</summary>
    public HoconOrigin Origin { get; protected set; } = origin;

    /// <summary>
    /// Whether it replaces whatever its key held before. False for objects, which merge, and for everything with a substitution in
    /// it, which may look back at what the key held before.
    /// </summary>
    public abstract bool Replaces { get; }
}
