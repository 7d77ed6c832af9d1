namespace AkkaJoin.Pipeline.Hocon.Syntax;

/// <summary>The word null.</summary>
sealed class NullNode(HoconOrigin origin) : Node(origin)
{
    public override bool Replaces => true;
}
