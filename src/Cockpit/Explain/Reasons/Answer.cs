namespace AkkaJoin.Cockpit.Explain.Reasons;

/// <summary>A reason with its sentence, before the evidence is put to it.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Certainty">Whether the join itself told it.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Evidence">What it was found from.</param>
sealed record Answer(ExplainReason Reason, Certainty Certainty, string Text, params IReadOnlyList<Evidence> Evidence)
{
    internal static Answer Known(ExplainReason reason, string text, params IReadOnlyList<Evidence> evidence) =>
        new(reason, Certainty.Known, text, evidence);

    internal static Answer Inferred(ExplainReason reason, string text, params IReadOnlyList<Evidence> evidence) =>
        new(reason, Certainty.Inferred, text, evidence);
}
