namespace AkkaJoin.Cockpit.Access;

/// <summary>Who calls.</summary>
/// <param name="Name">The name of the token or of the certificate's subject; acts are logged with it.</param>
/// <param name="Right">What they may ask for.</param>
sealed record Caller(string Name, Right Right)
{
    /// <summary>Somebody of this machine who shows nothing: figures need no token there.</summary>
    internal static Caller Loopback { get; } = new("loopback", Right.State);

    /// <summary>Somebody from elsewhere who shows nothing.</summary>
    internal static Caller Nobody { get; } = new("nobody", Right.None);

    /// <summary>Whether the caller has a right.</summary>
    internal bool Has(Right needed) => Right >= needed;
}
