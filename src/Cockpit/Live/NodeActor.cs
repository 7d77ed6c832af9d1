using System.Text;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using AkkaJoin.Pipeline;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Cockpit.Live;

/// <summary>
/// One actor of each node, by which nodes ask each other: it answers what other nodes ask, and takes the answers to
/// what this node asks. Only members of the cluster are answered, and only the node that was asked can answer.
/// </summary>
sealed class NodeActor : UntypedActor
{
    /// <summary>Its name below /user; it has the same on every node.</summary>
    internal const string ActorName = "akkajoin-node";

    // Questions that are being answered; more are refused, so that no node can keep another busy.
    const int AnsweredAtOnceMax = 64;

    // The most strangers that get a log line.
    const int StrangersMax = 100;

    readonly NodeQuestionTable _table;
    readonly Cluster _cluster = Cluster.Get(Context.System);
    readonly ILoggingAdapter _log = Context.GetLogger();
    readonly CancellationToken _stopping;

    // What this node asked, by number.
    readonly Dictionary<long, AskedQuestion> _asked = [];

    // Strangers that got a log line.
    readonly HashSet<Address> _strangers = [];
    long _number;
    int _answering;

    public NodeActor(NodeQuestionTable table, CancellationToken stopping)
    {
        _table = table;
        _stopping = stopping;
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (var asked in _asked.Values)
            asked.Question.Answer.TrySetCanceled();
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case NodeQuestion question when IsMember(Sender):
                Accept(question);
                break;
            case NodeQuestion:
                Refuse(Sender.Path.Address);
                break;
            case Answered answered:
                _answering--;
                foreach (var part in answered.Parts)
                    answered.To.Tell(part);
                break;
            case AskNode question:
                Ask(question);
                break;
            case NodeAnswer answer:
                Accept(answer);
                break;
            case ForgetQuestion forget:
                Forget(forget.Question);
                break;
        }
    }

    bool IsMember(IActorRef sender)
    {
        var address = sender.Path.Address;
        return address.HasLocalScope || address == _cluster.SelfAddress || _cluster.State.Members.Any(m => m.Address == address);
    }

    void Refuse(Address stranger)
    {
        if (_strangers.Count < StrangersMax && _strangers.Add(stranger))
            LiveLog.StrangerAsks(_log, stranger);
    }

    void Accept(NodeQuestion question)
    {
        if (_answering >= AnsweredAtOnceMax)
        {
            Sender.Tell(NodeAnswer.Error(question.Number, $"the node answers {AnsweredAtOnceMax} questions already; ask again"));
            return;
        }

        _answering++;
        _ = AnswerAsync(question, Sender, Self);
    }

    async Task AnswerAsync(NodeQuestion question, IActorRef to, IActorRef self)
    {
        IReadOnlyList<NodeAnswer> parts;
        try
        {
            question.Check();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
            limit.CancelAfter(_table.TimeoutOf(question.Name));
            var result = await Task.Run(() => _table.AnswerAsync(question.Name, question.Arguments, limit.Token), limit.Token);
            parts = [.. NodeAnswer.Split(question.Number, result)];
        }
        catch (Exception e)
        {
            if (e is not (UserException or MalformedBatchException or OperationCanceledException))
                LiveLog.QuestionFailed(_log, question.Name, e);
            parts = [NodeAnswer.Error(question.Number, e is OperationCanceledException ? "the node has no answer in time" : e.Message)];
        }

        self.Tell(new Answered(to, parts));
    }

    void Ask(AskNode question)
    {
        _asked.Add(++_number, new AskedQuestion(question));
        question.To.Tell(new NodeQuestion(_number, question.Name, question.Arguments));
    }

    void Accept(NodeAnswer answer)
    {
        if (!_asked.TryGetValue(answer.Number, out var asked) || !IsOf(asked.Question.To, Sender))
            return;
        try
        {
            answer.Check();
        }
        catch (MalformedBatchException e)
        {
            Finish(answer.Number, new NodeBytes(e.Message, []));
            return;
        }

        if (answer.IsError)
            Finish(answer.Number, new NodeBytes(Encoding.UTF8.GetString(answer.Bytes), []));
        else if (asked.Add(answer) is { } result)
            Finish(answer.Number, new NodeBytes(null, result));
    }

    static bool IsOf(IActorRef asked, IActorRef sender) => asked.Path.Address == sender.Path.Address;

    void Finish(long number, NodeBytes bytes)
    {
        if (_asked.Remove(number, out var asked))
            asked.Question.Answer.TrySetResult(bytes);
    }

    void Forget(AskNode question)
    {
        foreach (var number in _asked.Where(asked => asked.Value.Question == question).Select(asked => asked.Key).ToList())
            _asked.Remove(number);
    }

    // A question that waits for the parts of its answer.
    sealed class AskedQuestion(AskNode question)
    {
        byte[]?[] _parts = [];
        int _missing = -1;

        internal AskNode Question => question;

        // The whole answer, once it is there. Parts that contradict the first one are dropped.
        internal byte[]? Add(NodeAnswer part)
        {
            if (_missing < 0)
                (_parts, _missing) = (new byte[part.Count][], part.Count);
            if (part.Count != _parts.Length || _parts[part.Index] is not null)
                return null;
            _parts[part.Index] = part.Bytes;
            return --_missing == 0 ? [.. _parts.SelectMany(bytes => bytes!)] : null;
        }
    }

    sealed record Answered(IActorRef To, IReadOnlyList<NodeAnswer> Parts) : INoSerializationVerificationNeeded;
}

/// <summary>Tells the node's own actor to ask a node. Never leaves the node.</summary>
/// <param name="To">The actor of the node that is asked.</param>
/// <param name="Name">What is asked.</param>
/// <param name="Arguments">UTF-8 JSON.</param>
sealed record AskNode(IActorRef To, string Name, byte[] Arguments) : INoSerializationVerificationNeeded
{
    /// <summary>Completed with the answer; cancelled where this node stops.</summary>
    internal TaskCompletionSource<NodeBytes> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Nobody waits for the answer any more. Never leaves the node.</summary>
sealed record ForgetQuestion(AskNode Question) : INoSerializationVerificationNeeded;

/// <summary>An answer.</summary>
/// <param name="Error">What is wrong; null = nothing.</param>
/// <param name="Result">The result as JSON.</param>
sealed record NodeBytes(string? Error, byte[] Result);
