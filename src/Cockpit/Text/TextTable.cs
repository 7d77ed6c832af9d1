namespace AkkaJoin.Cockpit.Text;

/// <summary>
/// Columns as wide as what stands in them, two spaces apart, on terminals and in pipes alike: a row is a line, and
/// nothing is wrapped.
/// </summary>
/// <param name="heads">The names of the columns.</param>
/// <param name="right">The columns of numbers, which end at the right.</param>
sealed class TextTable(IReadOnlyList<string> heads, IReadOnlyCollection<int> right)
{
    readonly List<IReadOnlyList<string>> _rows = [heads];

    internal void Add(IReadOnlyList<string> cells) => _rows.Add(cells);

    internal void Write(TextWriter output, string indent)
    {
        var widths = Enumerable.Range(0, heads.Count).Select(column => _rows.Max(row => row[column].Length)).ToList();
        foreach (var row in _rows)
        {
            var cells = row.Select((cell, column) => right.Contains(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine((indent + string.Join("  ", cells)).TrimEnd());
        }
    }
}
