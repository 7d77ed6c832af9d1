namespace AkkaJoin.Shards.Join;

/// <summary>The join.</summary>
sealed class IntervalJoin
{
}
