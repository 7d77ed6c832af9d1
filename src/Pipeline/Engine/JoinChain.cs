using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>Which joins of a configuration read what others of it write.</summary>
sealed class JoinChain
{
    readonly IReadOnlyList<JoinSettings> _joins;
    readonly List<JoinSettings> _inOrder = [];
    readonly List<JoinSettings> _path = [];

    internal JoinChain(IReadOnlyList<JoinSettings> joins)
    {
        _joins = joins;
        foreach (var join in joins)
            Visit(join);
    }

    /// <summary>Each join after those whose topics it reads; otherwise in the order of the configuration.</summary>
    internal IReadOnlyList<JoinSettings> InOrder => _inOrder;

    /// <summary>
    /// Joins of which each reads what the one before it writes, and the first what the last does; empty = there are
    /// none.
    /// </summary>
    internal IReadOnlyList<string> Cycle { get; private set; } = [];

    /// <summary>Those that write a topic which this one reads.</summary>
    internal IEnumerable<JoinSettings> Before(JoinSettings join) => _joins.Where(writer => TopicBetween(writer, join) is not null);

    /// <summary>A sentence for each join that reads what others write, and for a cycle.</summary>
    internal IEnumerable<string> Sentences()
    {
        foreach (var join in _inOrder)
        {
            foreach (var writer in Before(join))
                yield return $"{join.Name}: reads {TopicBetween(writer, join)}, which {writer.Name} writes; run --bounded joins "
                    + $"it when {writer.Name} has ended";
        }

        if (Cycle.Count > 0)
            yield return CycleText() + ": run --bounded refuses them";
    }

    /// <summary>Refuses what a bounded run can never come to the end of.</summary>
    /// <exception cref="UserException">There is a cycle.</exception>
    internal void RefuseCycle()
    {
        if (Cycle.Count > 0)
            throw new UserException($"{CycleText()}: a bounded run of them has no end. Run them without --bounded, or one of "
                + "them with --join", ConfigException.Code);
    }

    static string? TopicBetween(JoinSettings writer, JoinSettings reader) =>
        new[] { writer.Output.Topic, writer.Output.LateTopic, writer.Output.DeadLetterTopic }
            .FirstOrDefault(topic => topic == reader.Left.Topic || topic == reader.Right.Topic);

    string CycleText() => $"the joins {string.Join(", ", Cycle)} read each other's topics in a circle";

    void Visit(JoinSettings join)
    {
        if (_inOrder.Contains(join))
            return;
        var at = _path.IndexOf(join);
        if (at >= 0)
        {
            if (Cycle.Count == 0)
                Cycle = [.. _path.Skip(at).Reverse().Select(j => j.Name)];
            return;
        }

        _path.Add(join);
        foreach (var writer in Before(join))
            Visit(writer);
        _path.RemoveAt(_path.Count - 1);
        _inOrder.Add(join);
    }
}
