using AkkaJoin.Bench.Brokers;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Table;

/// <summary>The table.</summary>
sealed record TableResult
{
    public required Versions Versions { get; init; }

    public required TableOptions Options { get; init; }

    public required DateTimeOffset Began { get; init; }

    public required DateTimeOffset Ended { get; init; }

    public required IReadOnlyList<TableRow> Rows { get; init; }
}

/// <summary>One figure of the table.</summary>
sealed record TableRow
{
    /// <summary>The group of rows that it belongs to, as <c>--only</c> has it.</summary>
    public required string Group { get; init; }

    /// <summary>What it is, with its unit.</summary>
    public required string Figure { get; init; }

    /// <summary>Over the runs; null = it could not be measured, and <see cref="Beside"/> says why.</summary>
    public required Spread? Value { get; init; }

    /// <summary>The format of the value, such as F2.</summary>
    public string Format { get; init; } = "F2";

    /// <summary>The most that it may be; null = it is there to be known.</summary>
    public double? Mark { get; init; }

    /// <summary>Whether what was measured is worth anything: the validation found the rows exact.</summary>
    public bool IsExact { get; init; } = true;

    /// <summary>How it was measured, in one line.</summary>
    public required string How { get; init; }

    /// <summary>What was seen beside it.</summary>
    public string Beside { get; init; } = "";

    /// <summary>Whether the median keeps to the mark; null = no mark, or no value.</summary>
    public bool? IsMet => Mark is null || Value is null ? null : IsExact && Value.Value.Median <= Mark;
}

/// <summary>What was measured, and on what.</summary>
/// <param name="Machine">The machine, its system and the runtime.</param>
/// <param name="Broker">The broker.</param>
/// <param name="Kafka">Its version; null = not known.</param>
/// <param name="Postgresql">PostgreSQL's version; null = it took no part.</param>
/// <param name="Commit">The commit of the repository, with a mark where files differ from it; null = no repository.</param>
sealed record Versions(Machine Machine, string Broker, string? Kafka, string? Postgresql, string? Commit)
{
    internal static async Task<Versions> OfAsync(Broker broker, string? postgresql) =>
        new(Machine.This, broker.Description, broker.Version, postgresql, await CommitAsync());

    static async Task<string?> CommitAsync()
    {
        if (Repository.Root is not { } root)
            return null;
        try
        {
            var run = await ChildRun.RunAsync("git", "-C", root, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*");
            return run.ExitCode == 0 ? run.Output.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no git here
        }
    }
}
