using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>One thing that is wrong in a configuration.</summary>
/// <param name="Subject">The beginning of the sentence, before the place: most often the key.</param>
/// <param name="Predicate">The rest of the sentence, with its leading space or punctuation; may be empty.</param>
/// <param name="Key">The full path of the key, or null.</param>
/// <param name="Origin">The place, or null.</param>
sealed record ConfigProblem(string Subject, string Predicate, string? Key, HoconOrigin? Origin)
{
    /// <summary>The sentence without the place.</summary>
    public string Message => Subject + Predicate;

    /// <summary>The sentence with the place: <c>unknown key a.b (akkajoin.conf:12); did you mean c?</c></summary>
    public override string ToString() => Origin is { } origin ? $"{Subject} ({origin}){Predicate}" : Message;
}
