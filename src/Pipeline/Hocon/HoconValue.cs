namespace AkkaJoin.Pipeline.Hocon;

/// <summary>A value of a configuration after substitution. Equality is that of the contents; origins do not count.</summary>
abstract class HoconValue(HoconOrigin origin)
{
    /// <summary>Where it was written.</summary>
    public HoconOrigin Origin { get; } = origin;

    /// <summary>What to call it in a message: "an object", "a list", "a text", "null".</summary>
    public abstract string Kind { get; }
}
