using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace AkkaJoin.Shards.Checks;

/// <summary>
/// Checks the invariants that comments state. The configuration Checked alone compiles the checks
/// (<c>dotnet test -c Checked</c>); in Release neither the call nor its arguments exist, so a check may be as dear as
/// it is useful.
/// </summary>
/// <remarks>Debug.Assert would not do: tests run optimized code, and there it is compiled out.</remarks>
static class Invariant
{
    /// <summary>
    /// What happens before the exception is thrown. The program ends its process here, since actors survive an
    /// exception.
    /// </summary>
    public static Action<string>? OnBreach { get; set; }

    /// <summary>Throws <see cref="InvariantException"/> where <paramref name="condition"/> is false.</summary>
    /// <param name="condition">What must hold.</param>
    /// <param name="name">The invariant as its comment states it, in a few words.</param>
    /// <param name="expression">The text of the condition; the compiler passes it.</param>
    [Conditional("CHECKED")]
    public static void Holds(
        [DoesNotReturnIf(false)] bool condition,
        string name,
        [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (condition)
            return;
        var text = $"invariant broken: {name} ({expression})";
        OnBreach?.Invoke(text);
        throw new InvariantException(text);
    }
}

/// <summary>An invariant does not hold: a bug of AkkaJoin, not a fault of its input.</summary>
sealed class InvariantException(string message) : Exception(message);
