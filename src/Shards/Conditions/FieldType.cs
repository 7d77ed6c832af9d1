namespace AkkaJoin.Shards.Conditions;

/// <summary>What a typed field holds. The numbers are the tags of <see cref="TypedFields"/> and never change.</summary>
public enum FieldType : byte
{
    /// <summary>Nothing that can be compared: missing, null, an object or an array.</summary>
    Missing = 0,

    /// <summary>The boolean false.</summary>
    False = 1,

    /// <summary>The boolean true.</summary>
    True = 2,

    /// <summary>A whole number of 64 bits.</summary>
    Int64 = 3,

    /// <summary>Any other number.</summary>
    Double = 4,

    /// <summary>A text.</summary>
    Text = 5,
}
