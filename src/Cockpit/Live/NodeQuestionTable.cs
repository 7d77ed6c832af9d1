using System.Text.Json;
using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Cockpit.Live;

/// <summary>
/// What a node answers other nodes: a closed list of names, filled before the node answers. A room that has a question
/// for all nodes adds it in <c>CockpitNode</c>.
/// </summary>
sealed class NodeQuestionTable
{
    static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(30);

    readonly Dictionary<string, Question> _questions = [];

    /// <summary>Adds a question.</summary>
    /// <typeparam name="TArguments">What comes with it.</typeparam>
    /// <typeparam name="TResult">The answer; both become JSON.</typeparam>
    /// <param name="name">Its name, lower case, words joined by hyphens.</param>
    /// <param name="answer">Answers it. A <see cref="Pipeline.UserException"/> becomes the text of an error.</param>
    /// <param name="timeout">How long another node may wait for it; null = 30 s.</param>
    internal void Add<TArguments, TResult>(
        string name, Func<TArguments, CancellationToken, Task<TResult>> answer, TimeSpan? timeout = null)
    {
        var isNew = _questions.TryAdd(name, new Question(
            async (bytes, stopping) =>
            {
                var arguments = JsonSerializer.Deserialize<TArguments>(bytes, CockpitJson.Options)
                    ?? throw new CommandException($"the question '{name}' came without arguments");
                return JsonSerializer.SerializeToUtf8Bytes(await answer(arguments, stopping), CockpitJson.Options);
            },
            async (arguments, stopping) => arguments is TArguments typed
                ? await answer(typed, stopping)
                : throw Unreadable(name, $"they are no {typeof(TArguments).Name}"),
            timeout ?? UsualTimeout));
        Invariant.Holds(isNew, "each question has a name of its own");
    }

    /// <summary>How long another node may wait for the answer.</summary>
    internal TimeSpan TimeoutOf(string name) => _questions.TryGetValue(name, out var question) ? question.Timeout : UsualTimeout;

    /// <summary>The answer to a question, as JSON.</summary>
    /// <exception cref="Pipeline.UserException">There is no such question, or it cannot be answered.</exception>
    internal async Task<byte[]> AnswerAsync(string name, byte[] arguments, CancellationToken stopping)
    {
        try
        {
            return await Find(name).OfBytes(arguments, stopping);
        }
        catch (JsonException e)
        {
            throw Unreadable(name, e.Message);
        }
    }

    /// <summary>The answer to a question of this node itself: nothing becomes JSON.</summary>
    /// <exception cref="Pipeline.UserException">There is no such question, or it cannot be answered.</exception>
    internal Task<object?> AnswerHereAsync(string name, object arguments, CancellationToken stopping) =>
        Find(name).Here(arguments, stopping);

    Question Find(string name) => _questions.TryGetValue(name, out var question)
        ? question
        : throw new CommandException($"this node knows no question '{name}'; is it of an earlier release?");

    static CommandException Unreadable(string name, string why) => new($"the arguments of the question '{name}' cannot be read: {why}");

    sealed record Question(
        Func<byte[], CancellationToken, Task<byte[]>> OfBytes, Func<object, CancellationToken, Task<object?>> Here, TimeSpan Timeout);
}
