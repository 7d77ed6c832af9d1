using System.Text.Json;
using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Cockpit.Live;

/// <summary>
/// Asks the nodes of the cluster, this one too, which is asked without a message. A node that does not answer in time
/// is missing, and the others' answers are there all the same.
/// </summary>
/// <param name="system">The actor system.</param>
/// <param name="own">This node's <see cref="NodeActor"/>.</param>
/// <param name="table">What this node answers.</param>
sealed class NodeAsker(ActorSystem system, IActorRef own, NodeQuestionTable table)
{
    /// <summary>How long a node may take.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    readonly ExtendedActorSystem _system = (ExtendedActorSystem)system;
    readonly Cluster _cluster = Cluster.Get(system);

    /// <summary>This node's address.</summary>
    internal Address Self => _cluster.SelfAddress;

    /// <summary>Asks every node that runs AkkaJoin, all at once.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="question">The name of the question.</param>
    /// <param name="arguments">What becomes the JSON of its arguments.</param>
    /// <param name="stopping">Nobody waits any more.</param>
    /// <param name="timeout">How long a node may take; null = as long as <see cref="Timeout"/>.</param>
    /// <returns>One reply of each node, in the order of their addresses.</returns>
    internal async Task<IReadOnlyList<NodeReply<T>>> AskAllAsync<T>(
        string question, object arguments, CancellationToken stopping, TimeSpan? timeout = null) =>
        await Task.WhenAll(Nodes().Select(node => AskAsync<T>(node, question, arguments, stopping, timeout)));

    /// <summary>Asks one node.</summary>
    /// <inheritdoc cref="AskAllAsync"/>
    /// <param name="node">The node's address.</param>
    internal async Task<NodeReply<T>> AskAsync<T>(
        Address node, string question, object arguments, CancellationToken stopping, TimeSpan? timeout = null)
    {
        if (node == Self)
            return await AskHereAsync<T>(question, arguments, timeout ?? Timeout, stopping);
        if (_cluster.State.Unreachable.Any(m => m.Address == node))
            return new NodeReply<T>(node.ToString(), default, "the node is unreachable", IsMissing: true);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(arguments, CockpitJson.Options);
        if (bytes.Length > NodeQuestion.ArgumentsMax)
            throw new CommandException($"the arguments have {bytes.Length} bytes, and may have {NodeQuestion.ArgumentsMax}");
        var asked = new AskNode(ActorOf(node), question, bytes);
        own.Tell(asked);
        try
        {
            return Reply<T>(node, await asked.Answer.Task.WaitAsync(timeout ?? Timeout, stopping));
        }
        catch (TimeoutException)
        {
            return Missing<T>(node, timeout ?? Timeout);
        }
        finally
        {
            own.Tell(new ForgetQuestion(asked));
        }
    }

    async Task<NodeReply<T>> AskHereAsync<T>(string question, object arguments, TimeSpan timeout, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(timeout);
        try
        {
            var answer = Task.Run(() => table.AnswerHereAsync(question, arguments, limit.Token), limit.Token);
            return new NodeReply<T>(Self.ToString(), (T?)await answer.WaitAsync(limit.Token), Problem: null, IsMissing: false);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return Missing<T>(Self, timeout);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (e is not UserException)
                LiveLog.QuestionFailed(system.Log, question, e);
            return new NodeReply<T>(Self.ToString(), default, e.Message, IsMissing: false);
        }
    }

    static NodeReply<T> Missing<T>(Address node, TimeSpan timeout) =>
        new(node.ToString(), default, $"no answer within {timeout.TotalSeconds:0} s", IsMissing: true);

    static NodeReply<T> Reply<T>(Address node, NodeBytes bytes)
    {
        if (bytes.Error is { } error)
            return new NodeReply<T>(node.ToString(), default, error, IsMissing: false);
        try
        {
            return new NodeReply<T>(
                node.ToString(), JsonSerializer.Deserialize<T>(bytes.Result, CockpitJson.Options), Problem: null, IsMissing: false);
        }
        catch (JsonException e)
        {
            return new NodeReply<T>(node.ToString(), default, $"the answer cannot be read: {e.Message}", IsMissing: false);
        }
    }

    // Members that announce a format run AkkaJoin. An application that has lost the announcement has it on no node:
    // then all are asked. This node answers also while it is in no cluster yet.
    IEnumerable<Address> Nodes()
    {
        var announces = _cluster.SelfRoles.Any(FormatVersions.IsRole);
        return _cluster.State.Members
            .Where(m => m.Status is MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Leaving)
            .Where(m => !announces || m.Roles.Any(FormatVersions.IsRole))
            .Select(m => m.Address)
            .Prepend(Self)
            .Distinct()
            .Order();
    }

    IActorRef ActorOf(Address node) => _system.Provider.ResolveActorRef($"{node}/user/{NodeActor.ActorName}");
}

/// <summary>What a node replied.</summary>
/// <param name="Node">Its address.</param>
/// <param name="Result">The result; null = there is none.</param>
/// <param name="Problem">Why there is none.</param>
/// <param name="IsMissing">Whether it did not answer at all.</param>
sealed record NodeReply<T>(string Node, T? Result, string? Problem, bool IsMissing)
{
    /// <summary>What is told of a node without a result.</summary>
    internal MissingNode? Missing => Problem is null ? null : new MissingNode(Node, Problem);
}
