namespace AkkaJoin.Host.Cli;

/// <summary>
/// The scripts for shells. They follow the words of a line as long as these lead somewhere, and pass over addresses,
/// options and values, which do not.
/// </summary>
static class CompletionScripts
{
    /// <summary>For bash. Where nothing fits, file names are completed.</summary>
    internal static string Bash(IEnumerable<CompletionWords> words) =>
        $$"""
        # Completion of akkajoin for bash.
        _akkajoin_words() {
            case "$1" in
        {{Lines(words, word => $"        {Quoted(word.Path)}) echo {Quoted(string.Join(' ', word.Next))} ;;")}}
                *) return 1 ;;
            esac
        }

        _akkajoin() {
            local path='' next i
            for ((i = 1; i < COMP_CWORD; i++)); do
                next="${path:+$path }${COMP_WORDS[i]}"
                if _akkajoin_words "$next" > /dev/null; then path="$next"; fi
            done
            COMPREPLY=($(compgen -W "$(_akkajoin_words "$path")" -- "${COMP_WORDS[COMP_CWORD]}"))
        }

        complete -o default -F _akkajoin akkajoin

        """;

    /// <summary>For PowerShell.</summary>
    internal static string PowerShell(IEnumerable<CompletionWords> words) =>
        $$"""
        # Completion of akkajoin for PowerShell.
        Register-ArgumentCompleter -Native -CommandName akkajoin -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $words = @{
        {{Lines(words, word => $"        {Quoted(word.Path)} = @({string.Join(", ", word.Next.Select(Quoted))})")}}
            }
            $path = ''
            foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
                if ($element.Extent.EndOffset -ge $cursorPosition) { break }
                $next = "$path $element".Trim()
                if ($words.ContainsKey($next)) { $path = $next }
            }
            $words[$path] | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }

        """;

    static string Lines(IEnumerable<CompletionWords> words, Func<CompletionWords, string> line) => string.Join('\n', words.Select(line));

    // The words are names of verbs, options and commands: none has a quote.
    static string Quoted(string text) => $"'{text}'";
}
