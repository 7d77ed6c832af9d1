namespace AkkaJoin.Pipeline.Kafka.Admin;

/// <summary>A source topic was deleted and made again while a join read it.</summary>
sealed class TopicMadeAgainException(string topic, string known, string found) : UserException(
    $"the source topic '{topic}' was deleted and made again while the join ran (its id was {known} and is {found}). Its offsets mean other records now, so nothing of it is read or "
    + "committed any more. Start anew with an empty journal and another group-id.",
    Failed)
{
    const int Failed = 1;
}
