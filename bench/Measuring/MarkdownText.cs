using System.Text;

namespace AkkaJoin.Bench.Measuring;

/// <summary>A report as Markdown, written line by line and table by table. Numbers look the same in every culture.</summary>
sealed class MarkdownText
{
    readonly StringBuilder _text = new();

    /// <summary>A line of prose.</summary>
    internal void Line(FormattableString line) => _text.Append(FormattableString.Invariant(line)).Append('\n');

    /// <summary>An empty line.</summary>
    internal void Line() => _text.Append('\n');

    /// <summary>What the figures were measured on.</summary>
    internal void Machine(Machine machine, string broker) => Line($"Machine: {machine}. Broker: {broker}.");

    /// <summary>An empty line and the head of a table; its rows follow.</summary>
    /// <param name="columns">A name that ends in a colon aligns its column right, as the colon does in Markdown.</param>
    internal void Table(params ReadOnlySpan<string> columns)
    {
        Line();
        foreach (var column in columns)
            Cell(column.TrimEnd(':'));
        _text.Append("|\n");
        foreach (var column in columns)
            _text.Append(column.EndsWith(':') ? "|---:" : "|---");
        _text.Append("|\n");
    }

    /// <summary>A row of the table.</summary>
    internal void Row(params FormattableString[] cells)
    {
        foreach (var cell in cells)
            Cell(FormattableString.Invariant(cell));
        _text.Append("|\n");
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    void Cell(string text) => _text.Append(text.Length > 0 ? "| " : "|").Append(text).Append(' ');
}
