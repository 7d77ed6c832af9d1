namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// A message that may leave its node: it has a serializer of its own. Those without do not get through.
/// </summary>
interface IWireMessage;
