namespace AkkaJoin.Shards.Serialization;

/// <summary>The numbers and manifests under which messages stand in journals and on the wire. A contract for ever: none is used twice.</summary>
static class SerializerIds
{
    /// <summary>The identifier of <see cref="ShardsSerializer"/>.</summary>
    internal const int Shards = 53_710;

    /// <summary>The identifier of <see cref="RefusingSerializer"/>; nothing is ever written under it.</summary>
    internal const int Refusing = 53_711;

    internal const string JournalEvent = "e1";
    internal const string GroupSnapshot = "s1";
    internal const string Deliver = "d1";
    internal const string DeliverTicks = "t1";
    internal const string DeliverTicksResting = "t2";
    internal const string GroupAck = "a1";
    internal const string GroupAckResting = "a2";
    internal const string GroupGap = "g1";
    internal const string GroupGapResting = "g2";
    internal const string GroupFellBack = "h1";
    internal const string CloseTime = "c1";
    internal const string TimeClosed = "z1";
    internal const string StartGroup = "b1";
    internal const string AskStatus = "q1";
    internal const string GroupStatus = "u1";
    internal const string FlushGroup = "f1";
    internal const string RenewJournal = "r1";
    internal const string NodeTicks = "n1";
    internal const string NodeTicksResting = "n2";
    internal const string NodeFloor = "w1";
    internal const string DeliverPart = "p1";
    internal const string StopGroup = "x1";
}
