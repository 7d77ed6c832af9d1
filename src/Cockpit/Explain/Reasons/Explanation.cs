namespace AkkaJoin.Cockpit.Explain.Reasons;

/// <summary>Why two records joined or did not, or what happened to one. Its members are those of the JSON.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Text">The answer, in a sentence or two with numbers.</param>
/// <param name="Certainty">Whether the join itself told it.</param>
/// <param name="Evidence">What it was found from.</param>
sealed record Explanation(ExplainReason Reason, string Text, Certainty Certainty, IReadOnlyList<Evidence> Evidence);

/// <summary>How an answer was found.</summary>
enum Certainty
{
    /// <summary>The live state, a row, or a copy in the late or dead-letter topic says it.</summary>
    Known,

    /// <summary>It follows from the source topics and the join's definition.</summary>
    Inferred,
}

/// <summary>Something that was found, or where it was looked for.</summary>
/// <param name="Source">Where: a topic with partition and offset, a key group, the definition.</param>
/// <param name="Text">What it says.</param>
sealed record Evidence(string Source, string Text);
