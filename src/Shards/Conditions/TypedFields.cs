namespace AkkaJoin.Shards.Conditions;

/// <summary>The typed fields that conditions read, in one run of bytes, in the order of <see cref="Definition.SourceDefinition.Fields"/>.</summary>
public static class TypedFields
{
}
