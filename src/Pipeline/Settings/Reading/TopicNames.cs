namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>What Kafka takes as a topic's name.</summary>
static class TopicNames
{
    const int LengthMax = 249;

    /// <summary>Notes a name that Kafka would refuse. An empty name has been refused already.</summary>
    public static void Check(Section section, string key, string topic)
    {
        var good = topic.Length <= LengthMax
            && topic is not ("." or "..")
            && topic.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
        if (!good) section.RefuseValue(key, $"must be a topic name: up to {LengthMax} letters, digits, '.', '_' and '-'", topic);
    }
}
