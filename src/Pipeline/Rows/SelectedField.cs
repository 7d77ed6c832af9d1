using System.Text;
using AkkaJoin.Pipeline.Json;

namespace AkkaJoin.Pipeline.Rows;

/// <summary>One name of <c>output.select</c>.</summary>
/// <param name="Kind">What it names.</param>
/// <param name="Slot">The slot of its path in its side's scanner, or -1 for the whole value.</param>
/// <param name="Label">The name in the row as a JSON text.</param>
sealed record SelectedField(SelectedKind Kind, int Slot, byte[] Label)
{
    /// <exception cref="UserException">The name means nothing for this join.</exception>
    internal static SelectedField Parse(
        SelectName selected, bool attribution, RowSide left, RowSide right, JsonScanner lefts, JsonScanner rights)
    {
        var label = new System.Buffers.ArrayBufferWriter<byte>();
        JsonText.Write(label, Encoding.UTF8.GetBytes(selected.Label));
        var name = selected.Field;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var kind = (dot < 0 ? name : name[..dot]) switch
        {
            "key" when dot < 0 => SelectedKind.Key,
            "leftTime" when dot < 0 && !attribution => SelectedKind.LeftTime,
            "rightTime" when dot < 0 => SelectedKind.RightTime,
            "leftCount" when dot < 0 && attribution => SelectedKind.LeftCount,
            "left" when !attribution => SelectedKind.Left,
            "right" => SelectedKind.Right,
            "lefts" when attribution => SelectedKind.Lefts,
            _ => throw new UserException($"output.select: '{name}' is none of {Known(attribution)}", 78),
        };
        if (dot < 0)
            return new SelectedField(kind, -1, label.WrittenSpan.ToArray());
        if ((kind == SelectedKind.Right ? right : left).Raw)
            throw new UserException($"output.select: '{name}' names a field, but that side's format has none", 78);
        return new SelectedField(kind, AddPath(kind == SelectedKind.Right ? rights : lefts, name, dot), label.WrittenSpan.ToArray());
    }

    static int AddPath(JsonScanner scanner, string name, int dot)
    {
        try
        {
            return scanner.Add(name[(dot + 1)..]);
        }
        catch (FormatException e)
        {
            throw new UserException($"output.select: {e.Message}", 78);
        }
    }

    static string Known(bool attribution) => attribution
        ? "key, rightTime, leftCount, right, right.FIELD, lefts, lefts.FIELD"
        : "key, leftTime, rightTime, left, left.FIELD, right, right.FIELD";
}

/// <summary>What a <see cref="SelectedField"/> names.</summary>
enum SelectedKind
{
    /// <summary>The join key.</summary>
    Key,

    /// <summary>The left record's event time.</summary>
    LeftTime,

    /// <summary>The right record's event time.</summary>
    RightTime,

    /// <summary>How many lefts a right took.</summary>
    LeftCount,

    /// <summary>The left value, or a field of it.</summary>
    Left,

    /// <summary>The right value, or a field of it.</summary>
    Right,

    /// <summary>The array of the values of the lefts, or of a field of each.</summary>
    Lefts,
}
