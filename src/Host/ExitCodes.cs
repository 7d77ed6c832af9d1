using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host;

/// <summary>What the program ends with. Scripts rely on these numbers; 64 and 78 are those of sysexits.h.</summary>
static class ExitCodes
{
    /// <summary>Done, and good. Also a clean stop by a signal.</summary>
    public const int Good = 0;

    /// <summary>Failed: a broker that does not answer, a topic that is missing, a refused journal, a defect.</summary>
    public const int Failed = 1;

    /// <summary>Ran to its end, but the result is not the exact one: demo, scenario, validate, chaos.</summary>
    public const int NotExact = 2;

    /// <summary>The other nodes gave this one up (it was frozen, or cut off): to be started again.</summary>
    public const int Downed = 3;

    /// <summary>A bounded run read all but what lies in open transactions or behind them, and left time open.</summary>
    public const int OpenTransaction = 4;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>The configuration is missing, unreadable or wrong.</summary>
    public const int Config = ConfigException.Code;

    /// <summary>One code with its meaning, for help texts.</summary>
    public static string Describe(int code) => code switch
    {
        Good => "0   good",
        Failed => "1   failed: broker, topic, journal, file",
        NotExact => "2   not exact: the result differs from the expected one",
        Downed => "3   downed: the other nodes gave this one up; start it again",
        OpenTransaction => "4   read all but what lies beyond an open transaction; time was left open",
        Usage => "64  wrong command line",
        Config => "78  wrong, missing or unreadable configuration",
        _ => throw new ArgumentOutOfRangeException(nameof(code)),
    };
}
