using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>As <see cref="KafkaAndPostgresFactAttribute"/>, with a disk to be filled; skipped where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FullDiskFactAttribute : FactAttribute
{
    public FullDiskFactAttribute() =>
        Skip = new KafkaAndPostgresFactAttribute().Skip ?? (SmallDisk.IsPossible ? null : "no tmpfs can be mounted: that takes root");
}
