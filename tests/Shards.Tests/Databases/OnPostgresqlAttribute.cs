using System.Reflection;
using Xunit.Sdk;

namespace AkkaJoin.Shards.Tests.Databases;

/// <summary>Runs a theory on PostgreSQL; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnPostgresqlAttribute : DataAttribute
{
    public OnPostgresqlAttribute()
    {
        if (!RealPostgres.IsThere)
            Skip = RealPostgresFactAttribute.NoServer;
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[DatabaseKind.Postgresql]];
}
