namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>How keys differ, in words.</summary>
static class KeyDifferenceText
{
    internal static string Of(NearMiss miss) =>
        miss.Several.Count > 0 ? string.Join(", and in ", miss.Several.Select(Of)) : Of(miss.Difference);

    internal static string Of(KeyDifference difference) => difference switch
    {
        KeyDifference.WhiteSpace => "white space, or what cannot be seen, at an end",
        KeyDifference.Case => "upper and lower case",
        KeyDifference.UnicodeForm => "their Unicode form",
        KeyDifference.NumberAgainstText => "the form of a number",
        KeyDifference.PartType => "the type of a part, number against text",
        KeyDifference.Quotes => "the quotes of a JSON text",
        KeyDifference.Framing => "a schema registry's bytes before them",
        KeyDifference.PartOrder => "the order of their parts",
        _ => "several of case, white space, Unicode form and type",
    };

    internal static string Todo(KeyDifference difference) => difference switch
    {
        KeyDifference.PartOrder => "list the parts of the key in the same order on both sides",
        KeyDifference.NumberAgainstText or KeyDifference.PartType =>
            "name a field that both sides write with one type, or have one producer write the other's type",
        KeyDifference.Quotes or KeyDifference.Framing =>
            "take the key from the value, or have both producers write keys with one serializer",
        _ => "name a field that both sides write alike, or have the producers agree: keys are compared by their bytes",
    };
}
