using System.Text.Json;

namespace AkkaJoin.Host.Administration;

/// <summary>Answers one kind of question.</summary>
/// <param name="question">The whole object that was asked; lives as long as the call.</param>
/// <param name="stopping">The connection or the node ends.</param>
/// <returns>What becomes the "result" of the answer, as JSON.</returns>
/// <exception cref="Pipeline.UserException">The question is not one that can be answered; the message says why.</exception>
delegate Task<object> AdminQuery(JsonElement question, CancellationToken stopping);
