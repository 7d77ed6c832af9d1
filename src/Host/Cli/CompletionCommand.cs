using System.CommandLine;

namespace AkkaJoin.Host.Cli;

/// <summary><c>akkajoin completion SHELL</c>: a script that lets a shell complete akkajoin's command lines.</summary>
static class CompletionCommand
{
    const string Bash = "bash", PowerShell = "powershell";

    internal static Verb Create()
    {
        var shell = new Argument<string>("SHELL") { Description = $"{Bash} or {PowerShell}" };
        shell.Validators.Add(given =>
        {
            if (given.Tokens is [var token] && token.Value is not (Bash or PowerShell))
                given.AddError($"SHELL is {Bash} or {PowerShell}; it is '{token.Value}'");
        });
        var verb = new Verb(
            "completion",
            "Prints a script with which a shell completes verbs, options and the commands of pbm.",
            [
                "akkajoin completion bash > ~/.local/share/bash-completion/completions/akkajoin",
                "akkajoin completion powershell >> $PROFILE",
            ],
            ExitCodes.Good) { shell };
        verb.SetAction(async (parsed, output, _, _) =>
        {
            var words = CompletionWords.Of(CommandLine.CreateRoot());
            await output.WriteAsync(parsed.GetValue(shell) == Bash ? CompletionScripts.Bash(words) : CompletionScripts.PowerShell(words));
            return ExitCodes.Good;
        });
        return verb;
    }
}
