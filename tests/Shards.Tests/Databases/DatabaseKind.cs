namespace AkkaJoin.Shards.Tests.Databases;

/// <summary>What a journal lives in.</summary>
public enum DatabaseKind
{
    /// <summary>Files in a directory of their own.</summary>
    Sqlite,

    /// <summary>A database of its own on a <see cref="RealPostgres"/>.</summary>
    Postgresql,
}
