namespace AkkaJoin.Pipeline.Hocon.Syntax;

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
