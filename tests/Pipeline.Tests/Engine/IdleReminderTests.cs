using AkkaJoin.Pipeline.Engine;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

/// <summary>What the log says while a node of an earlier release is in the cluster.</summary>
public sealed class IdleReminderTests
{
    readonly List<string> _said = [];
    IReadOnlyList<string> _older = [];

    [Fact]
    public void It_names_the_nodes_by_which_silence_holds_time_once_and_says_when_they_are_gone()
    {
        var reminder = new IdleReminder(() => _older, _said.Add, () => _said.Add("time goes on"));
        Look();
        _older = ["one", "two"];
        Look();
        _older = ["two"];
        Look();
        _older = [];
        Look();
        Assert.Equal(["one, two", "two", "time goes on"], _said);

        void Look()
        {
            reminder.Look();
            reminder.Look();
        }
    }
}
