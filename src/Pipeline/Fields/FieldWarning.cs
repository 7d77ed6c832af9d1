namespace AkkaJoin.Pipeline.Fields;

/// <summary>Something that is missing in most records.</summary>
/// <param name="Of">What it is about, such as "left.key": one warning each is given.</param>
/// <param name="Text">What is missing, where, and what to do.</param>
sealed record FieldWarning(string Of, string Text);
