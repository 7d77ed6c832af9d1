namespace OwnText;

/// <summary>Lines of fields with commas between them.</summary>
public static class Commas
{
    /// <summary>The field at an index; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int index)
    {
        for (; index > 0; index--)
        {
            var comma = line.IndexOf((byte)',');
            line = comma < 0 ? default : line[(comma + 1)..];
        }

        var end = line.IndexOf((byte)',');
        return end < 0 ? line : line[..end];
    }
}
