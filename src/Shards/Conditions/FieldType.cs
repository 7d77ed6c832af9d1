namespace AkkaJoin.Shards.Conditions;

/// <summary>What a typed field holds. The numbers are the tags of <see cref="TypedFields"/> and never change.</summary>
public enum FieldType : byte
{
    /// <summary>Missing or null; before format 2 an object or an array too.</summary>
    Missing = 0,

    /// <summary>The boolean false.</summary>
    False = 1,

    /// <summary>The boolean true.</summary>
    True = 2,

    /// <summary>A whole number of 64 bits.</summary>
    Int64 = 3,

    /// <summary>A binary number: any that is not whole before format 2, and what a decoder of one's own wrote as one.</summary>
    Double = 4,

    /// <summary>A text.</summary>
    Text = 5,

    /// <summary>A decimal number that is no whole one of 64 bits. Not before format 2.</summary>
    Number = 6,

    /// <summary>An object or an array, with which nothing can be compared. Not before format 2.</summary>
    Composite = 7,
}
