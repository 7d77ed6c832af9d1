using Xunit;

namespace AkkaJoin.House.Tests;

/// <summary>The surface stays small: a public type is a promise.</summary>
public sealed class PublicTypeTests
{
    // 24 of the library and its test kit; 11 by which an application has joins, their figures, their rows and their
    // input.
    const int PublicTypesMax = 35;

    [Fact]
    public void Few_types_are_public()
    {
        var all = Product.Assemblies.SelectMany(name => Product.Read(name).MainModule.Types);
        var types = all.Where(type => type.IsPublic).Select(type => type.FullName).ToList();

        Assert.True(types.Count <= PublicTypesMax, $"{types.Count} public types, {PublicTypesMax} are allowed: {string.Join(", ", types)}");
    }
}
