using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Plugins;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Rows;

/// <summary>Makes the row writer that a join's settings name.</summary>
static class RowWriterFactory
{
    /// <summary>Makes a writer. It is used by one thread at a time, so each key group makes its own.</summary>
    /// <exception cref="UserException">The settings name no writer, or one that cannot be made of them.</exception>
    public static IRowWriter Create(JoinSettings join) => Create(join, null);

    /// <summary>Makes a writer that counts which selected fields are missing.</summary>
    /// <exception cref="UserException">The settings name no writer, or one that cannot be made of them.</exception>
    internal static IRowWriter Create(JoinSettings join, SelectTally? tally)
    {
        ArgumentNullException.ThrowIfNull(join);
        var (left, right) = (RowSide.Of(join.Left), RowSide.Of(join.Right));
        if (join.Output.Format != "json")
            return NamedType.Create<IRowWriter>(join.Output.Format, "json", join.Output.Services);
        return join.Output.Select.Count == 0
            ? new JsonRowWriter(left, right)
            : new SelectRowWriter(join.Output.Select, join.Type == JoinType.Attribution, left, right, tally);
    }
}
