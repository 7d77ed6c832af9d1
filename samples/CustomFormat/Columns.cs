namespace CustomFormat;

/// <summary>
/// A line such as <c>m1|1573553730000|i7|3</c>: profile, time in ms since the epoch, id, and the row of the screen.
/// </summary>
static class Columns
{
    public const int Profile = 0, Time = 1, Id = 2, Row = 3, Count = 4;

    /// <summary>The names by which conditions (<c>where</c>, <c>filter</c>) know them.</summary>
    public static readonly string[] Names = ["profile", "time", "id", "row"];

    /// <summary>The bytes of one column; false where the line has too few.</summary>
    public static bool TryGet(ReadOnlySpan<byte> line, int index, out ReadOnlySpan<byte> column)
    {
        column = default;
        for (; index > 0; index--)
        {
            var bar = line.IndexOf((byte)'|');
            if (bar < 0)
                return false;
            line = line[(bar + 1)..];
        }

        var end = line.IndexOf((byte)'|');
        column = end < 0 ? line : line[..end];
        return true;
    }
}
