using Xunit;

namespace AkkaJoin.Shards.Tests.Databases;

/// <summary>A test that needs a PostgreSQL; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealPostgresFactAttribute : FactAttribute
{
    internal const string NoServer = $"no PostgreSQL: neither {RealPostgres.Variable}=CONNECTION-STRING nor /usr/lib/postgresql/*/bin";

    /// <summary>Skips where there is no server.</summary>
    /// <param name="own">The test starts and kills one, so a running one is not enough.</param>
    /// <param name="isLong">The test belongs to the long form alone.</param>
    public RealPostgresFactAttribute(bool own = false, bool isLong = false)
    {
        if (isLong)
            Skip = LongForm.Skip;
        if (own ? !RealPostgres.CanBeStarted : !RealPostgres.IsThere)
            Skip = own ? "no PostgreSQL to start: no /usr/lib/postgresql/*/bin" : NoServer;
    }
}
