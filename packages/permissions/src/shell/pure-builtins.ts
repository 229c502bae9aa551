/**
 * Whether a name is that of a shell builtin that no system has as a program. Programs that run a command, and `command` in zsh,
 * search PATH for it, where a repository may have put a program of this name.
 */
export function isPureBuiltin(name: string): boolean {
  return onlyBuiltin.has(name)
}

const onlyBuiltin = new Set(
  [
    ': . source alias unalias bg fg jobs wait break continue return exit cd pushd popd dirs command builtin eval exec export',
    'readonly declare typeset local let getopts hash history read readarray mapfile set shift shopt setopt unsetopt times trap',
    'type ulimit umask unset where whence autoload bind bindkey caller compgen complete disown enable fc help logout suspend',
    'print noglob nocorrect zmodload emulate disable functions integer float limit rehash sched vared zcompile zle zstyle',
  ].flatMap((names) => names.split(' ')),
)
