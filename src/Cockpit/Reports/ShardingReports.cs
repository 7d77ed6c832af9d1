namespace AkkaJoin.Cockpit.Reports;

/// <summary>The sharding of the joins that the answering node runs.</summary>
/// <param name="Types">One of each join.</param>
sealed record ShardTypesReport(IReadOnlyList<ShardTypeReport> Types);

/// <summary>A join in Akka.Cluster.Sharding: each key group is a shard with one entity.</summary>
/// <param name="Join">The join.</param>
/// <param name="Type">The type name of its sharding.</param>
/// <param name="Role">The role of the nodes that run it.</param>
/// <param name="KeyGroups">How many key groups it has.</param>
/// <param name="IsStarted">Whether its region runs on the answering node.</param>
sealed record ShardTypeReport(string Join, string Type, string Role, int KeyGroups, bool IsStarted);

/// <summary>The regions of joins.</summary>
/// <param name="Regions">A region of each node and join, in the order of joins and addresses.</param>
sealed record RegionsReport(IReadOnlyList<RegionReport> Regions);

/// <summary>What the region of a node has.</summary>
/// <param name="Join">The join.</param>
/// <param name="Node">The address of the node.</param>
/// <param name="KeyGroups">The key groups, in order.</param>
sealed record RegionReport(string Join, string Node, IReadOnlyList<int> KeyGroups);

/// <summary>The key groups as entities.</summary>
/// <param name="Entities">In the order of joins and key groups.</param>
sealed record EntitiesReport(IReadOnlyList<EntityReport> Entities);

/// <summary>A key group as an entity.</summary>
/// <param name="Join">The join.</param>
/// <param name="Group">Its number, which is also its shard's name and its own.</param>
/// <param name="Node">The node that has its shard; null = none is known to.</param>
/// <param name="IsThere">Whether the entity itself is there, beside its shard.</param>
/// <param name="IsReachable">Whether its node can be asked.</param>
sealed record EntityReport(string Join, int Group, string? Node, bool IsThere, bool IsReachable);
