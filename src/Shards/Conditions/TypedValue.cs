namespace AkkaJoin.Shards.Conditions;

/// <summary>
/// One typed field, read in place: <see cref="Text"/> points into the bytes of <see cref="TypedFields"/>.
/// </summary>
readonly ref struct TypedValue
{
    internal TypedValue(FieldType type, long int64 = 0, double number = 0, ReadOnlySpan<byte> text = default)
    {
        Type = type;
        Int64 = int64;
        Double = number;
        Text = text;
    }

    /// <summary>What it holds.</summary>
    public FieldType Type { get; }

    /// <summary>The number, where <see cref="Type"/> is <see cref="FieldType.Int64"/>.</summary>
    public long Int64 { get; }

    /// <summary>The number, where <see cref="Type"/> is <see cref="FieldType.Double"/>.</summary>
    public double Double { get; }

    /// <summary>
    /// The UTF-8 bytes, where <see cref="Type"/> is <see cref="FieldType.Text"/>; the encoding of a
    /// <see cref="FieldType.Number"/>.
    /// </summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>
    /// The number, where <see cref="Type"/> is <see cref="FieldType.Number"/> or <see cref="FieldType.Int64"/>.
    /// </summary>
    internal ExactNumber Number
    {
        get
        {
            var position = 0;
            return Type == FieldType.Int64 ? ExactNumber.Of(Int64) : ExactNumber.Read(Text, ref position);
        }
    }

    bool IsNumber => Type is FieldType.Int64 or FieldType.Double or FieldType.Number;

    bool IsBoolean => Type is FieldType.False or FieldType.True;

    /// <summary>
    /// Compares two values of one kind: numbers by their exact value, texts by their UTF-8 bytes, false below true. A
    /// decimal number is compared with a binary one as the binary one next to it: so records that were journaled as
    /// doubles go on meeting their partners.
    /// </summary>
    /// <returns>
    /// False where they cannot be compared: one is missing, their kinds differ, or one is not a number.
    /// </returns>
    internal static bool TryCompare(in TypedValue a, in TypedValue b, out int order)
    {
        order = 0;
        if (a.Type == FieldType.Text && b.Type == FieldType.Text)
            order = a.Text.SequenceCompareTo(b.Text);
        else if (a.IsBoolean && b.IsBoolean)
            order = ((int)a.Type).CompareTo((int)b.Type); // as numbers, which boxes nothing
        else
            return TryCompareNumbers(a, b, out order);
        return true;
    }

    static bool TryCompareNumbers(in TypedValue a, in TypedValue b, out int order)
    {
        order = 0;
        switch (a.Type, b.Type)
        {
            case (FieldType.Int64, FieldType.Int64):
                order = a.Int64.CompareTo(b.Int64);
                return true;
            case (FieldType.Double, FieldType.Double):
                order = a.Double.CompareTo(b.Double);
                return !double.IsNaN(a.Double) && !double.IsNaN(b.Double);
            case (FieldType.Int64, FieldType.Double):
                return TryCompare(a.Int64, b.Double, out order);
            case (FieldType.Double, FieldType.Int64):
                var comparable = TryCompare(b.Int64, a.Double, out order);
                order = -order;
                return comparable;
            default:
                return a.IsNumber && b.IsNumber && TryCompareDecimals(a, b, out order);
        }
    }

    static bool TryCompareDecimals(in TypedValue a, in TypedValue b, out int order)
    {
        if (a.Type != FieldType.Double && b.Type != FieldType.Double)
        {
            order = ExactNumber.Compare(a.Number, b.Number);
            return true;
        }

        var (x, y) =
            (a.Type == FieldType.Double ? a.Double : a.Number.ToDouble(), b.Type == FieldType.Double ? b.Double : b.Number.ToDouble());
        order = x.CompareTo(y);
        return !double.IsNaN(x) && !double.IsNaN(y);
    }

    /// <summary>Exact: a conversion of the whole number to a double would lose its low bits above 2^53.</summary>
    static bool TryCompare(long a, double b, out int order)
    {
        const double twoTo63 = 9_223_372_036_854_775_808d;
        order = 0;
        if (double.IsNaN(b))
            return false;
        if (b is >= twoTo63 or < -twoTo63)
        {
            order = b > 0 ? -1 : 1;
            return true;
        }

        var whole = (long)b;
        order = a != whole ? a.CompareTo(whole) : 0d.CompareTo(b - whole);
        return true;
    }
}

/// <summary>What a typed field holds. The numbers are the tags of <see cref="TypedFields"/> and never change.</summary>
enum FieldType : byte
{
    /// <summary>Missing or null; before format 2 an object or an array too.</summary>
    Missing = 0,

    /// <summary>The boolean false.</summary>
    False = 1,

    /// <summary>The boolean true.</summary>
    True = 2,

    /// <summary>A whole number of 64 bits.</summary>
    Int64 = 3,

    /// <summary>
    /// A binary number: any that is not whole before format 2, and what a decoder of one's own wrote as one.
    /// </summary>
    Double = 4,

    /// <summary>A text.</summary>
    Text = 5,

    /// <summary>A decimal number that is no whole one of 64 bits. Not before format 2.</summary>
    Number = 6,

    /// <summary>An object or an array, with which nothing can be compared. Not before format 2.</summary>
    Composite = 7,
}
