namespace AkkaJoin.Shards.Conditions;

/// <summary>What the text of a number was found to be.</summary>
public enum NumberReading
{
    /// <summary>A number that is held exactly.</summary>
    Read,

    /// <summary>No number.</summary>
    NotANumber,

    /// <summary>A number of more digits, or a higher or lower exponent, than are held.</summary>
    OutOfRange,
}
