using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AkkaJoin.Simulation.World;

/// <summary>What happened in a run: the last steps to be read by people, and a hash of all of them.</summary>
sealed class History(Schedule schedule)
{
    const int Kept = 500;
    readonly Queue<HistoryStep> _steps = new(Kept);

    /// <summary>How often each thing happened.</summary>
    internal Dictionary<string, int> Counts { get; } = [];

    /// <summary>Equal for runs in which the same happened.</summary>
    internal ulong Hash { get; private set; } = 14_695_981_039_346_656_037;

    /// <summary>Steps in all.</summary>
    internal long Count { get; private set; }

    /// <summary>Notes a step. <paramref name="text"/> may name <paramref name="a"/> and <paramref name="b"/> as {0} and {1}.</summary>
    internal void Note(int node, int group, string text, long a = 0, long b = 0)
    {
        if (_steps.Count == Kept)
            _steps.Dequeue();
        _steps.Enqueue(new HistoryStep(schedule.Now, node, group, text, a, b));
        Count++;
        CollectionsMarshal.GetValueRefOrAddDefault(Counts, text, out _)++;
        Mix(schedule.Now);
        Mix(((long)node << 32) ^ (uint)group);
        Mix(a);
        Mix(b);
        foreach (var letter in text)
            Mix(letter);
    }

    /// <summary>The last steps as text.</summary>
    internal string Tell()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"the last {_steps.Count} of {Count} steps:").AppendLine();
        foreach (var step in _steps)
        {
            text.Append(CultureInfo.InvariantCulture, $"{step.Ms,7} ms  ");
            text.Append(step.Node < 0 ? "        " : string.Create(CultureInfo.InvariantCulture, $"node {step.Node}  "));
            text.Append(step.Group < 0 ? "         " : string.Create(CultureInfo.InvariantCulture, $"group {step.Group}  "));
            text.AppendFormat(CultureInfo.InvariantCulture, step.Text, step.A, step.B).AppendLine();
        }

        return text.ToString();
    }

    void Mix(long value) => Hash = (Hash ^ (ulong)value) * 1_099_511_628_211;
}
