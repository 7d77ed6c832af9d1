using System.Buffers;
using System.Text;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Testing;

/// <summary>
/// Runs a row writer as AkkaJoin does, and holds it to the rules of <see cref="IRowWriter"/>: every row is written
/// twice and must be the same bytes, since a row that was not acknowledged is written again after a crash.
/// <code>
/// var text = new RowWriterTester(new CommaRowWriter()).WriteText(row);
/// </code>
/// Not for several threads at once, as a row writer is not.
/// </summary>
/// <param name="writer">The row writer under test.</param>
public sealed class RowWriterTester(IRowWriter writer)
{
    /// <summary>The value of the row's record.</summary>
    /// <exception cref="FormatRuleException">The same row gives other bytes the second time.</exception>
    public byte[] Write(TestRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var first = WriteOnce(row);
        if (!first.AsSpan().SequenceEqual(WriteOnce(row)))
            throw new FormatRuleException("the row writer gives two results for one row: a row that comes twice must be the same bytes");
        return first;
    }

    /// <summary>The value of the row's record as UTF-8.</summary>
    /// <exception cref="FormatRuleException">The same row gives other bytes the second time.</exception>
    public string WriteText(TestRow row) => Encoding.UTF8.GetString(Write(row));

    byte[] WriteOnce(TestRow row)
    {
        var output = new ArrayBufferWriter<byte>();
        writer.Write(row.Row(), output);
        return output.WrittenSpan.ToArray();
    }
}
