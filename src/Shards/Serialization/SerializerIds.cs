namespace AkkaJoin.Shards.Serialization;

/// <summary>
/// The numbers and manifests under which messages stand in journals and on the wire. A contract for ever: none is used
/// twice.
/// </summary>
static class SerializerIds
{
    /// <summary>The identifier of <see cref="ShardsSerializer"/>.</summary>
    internal const int Shards = 53_710;

    /// <summary>The identifier of <see cref="RefusingSerializer"/>; nothing is ever written under it.</summary>
    internal const int Refusing = 53_711;

    internal const string JournalEvent = "e1";
    internal const string KeyGroupSnapshot = "s1";
    internal const string Deliver = "d1";
    internal const string DeliverTicks = "t1";
    internal const string DeliverTicksWithEvents = "t2";
    internal const string KeyGroupAck = "a1";
    internal const string KeyGroupAckWithEvent = "a2";
    internal const string KeyGroupAckWithTimes = "a3";
    internal const string KeyGroupGap = "g1";
    internal const string KeyGroupGapWithEvent = "g2";
    internal const string KeyGroupFellBack = "h1";
    internal const string EndInput = "c1";
    internal const string EndInputWithEvents = "c2";
    internal const string InputEnded = "z1";
    internal const string StartKeyGroup = "b1";
    internal const string AskStatus = "q1";
    internal const string KeyGroupStatus = "u1";
    internal const string FlushKeyGroup = "f1";
    internal const string RenewJournal = "r1";
    internal const string NodeTicks = "n1";
    internal const string NodeTicksWithEvents = "n2";
    internal const string NodeWatermark = "w1";
    internal const string DeliverPart = "p1";
    internal const string StopKeyGroup = "x1";
    internal const string NodeQuestion = "i1";
    internal const string NodeAnswer = "j1";
    internal const string AskKey = "k1";
    internal const string KeyReport = "l1";
}
