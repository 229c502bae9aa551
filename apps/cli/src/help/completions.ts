import type { CommandHelp, CommandsHelp, FlagHelp } from './commands-help.js'

/** Shells with completions. */
export const shells = ['bash', 'zsh', 'fish'] as const

type Shell = (typeof shells)[number]

/** Returns a shell script that completes commands, their options, and the values of options with a fixed set of values. */
export function renderCompletions(all: CommandsHelp, shell: Shell): string {
  const entries = Object.entries(all).filter(([path]) => isShown(all, path))
  if (shell === 'fish') return renderFish(all, entries)
  const script = renderBash(all, entries)
  return shell === 'bash'
    ? script
    : `#compdef subagent-mcp\nautoload -U +X bashcompinit && bashcompinit\n${script}`
}

type Entries = readonly (readonly [path: string, help: CommandHelp])[]

/** Whether a command is listed in the help of its group. */
function isShown(all: CommandsHelp, path: string): boolean {
  if (path === '') return true
  const at = path.lastIndexOf(' ')
  return Object.hasOwn(all[path.slice(0, Math.max(at, 0))]?.commands ?? {}, path.slice(at + 1))
}

/** Returns the help of the command that runs for a path; for a group, that of its default command. */
function runs(all: CommandsHelp, path: string, help: CommandHelp): CommandHelp {
  const { default: defaultName } = help
  if (defaultName === undefined) return help
  return all[path === '' ? defaultName : `${path} ${defaultName}`] ?? help
}

function choicesOf({ words = [] }: CommandHelp): string[] {
  return words.flatMap(({ choices = [] }) => choices)
}

function renderBash(all: CommandsHelp, entries: Entries): string {
  const words = entries.map(([path, help]) => {
    const main = runs(all, path, help)
    const flags = (main.flags ?? []).flatMap(({ name, short = [] }) => [name].concat(short))
    const known = [...Object.keys(help.commands ?? {}), ...choicesOf(main), ...flags, '--help']
    return `    '${path}') words='${known.join(' ')}' ;;`
  })
  const values = entries.flatMap(([path, help]) =>
    (runs(all, path, help).flags ?? []).flatMap((flag) => {
      const action = bashAction(flag)
      return action === undefined ? [] : [`    '${path} ${flag.name}') ${action}; return ;;`]
    }),
  )
  const groups = entries.flatMap(([path, { commands }]) => (commands ? [`'${path}'`] : []))
  return `# Completions of subagent-mcp; source this file.
_subagent_mcp() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) break ;; esac
    case "$path" in ${groups.join('|')}) path="\${path:+$path }$word" ;; esac
  done
  case "$path $previous" in
${values.join('\n')}
  esac
  case "$path" in
${words.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _subagent_mcp subagent-mcp
`
}

function bashAction({ choices, value }: FlagHelp): string | undefined {
  if (choices) return `COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$current"))`
  if (value === '<folder>') return 'COMPREPLY=($(compgen -d -- "$current"))'
  // Without a reply bash completes files.
  return value === undefined || value.startsWith('[') ? undefined : 'COMPREPLY=()'
}

function renderFish(all: CommandsHelp, entries: Entries): string {
  const lines = entries.flatMap(([path, help]) => {
    const main = runs(all, path, help)
    const depth = path === '' ? 0 : path.split(' ').length
    const at = `complete -c subagent-mcp -n '__subagent_mcp_at ${depth} ${path}'`
    const commands = Object.entries(help.commands ?? {}).map(
      ([name, description]) => `${at} -f -a ${name} -d ${quoted(description)}`,
    )
    const values = choicesOf(main).map((value) => `${at} -f -a ${value}`)
    return [...commands, ...values, ...(main.flags ?? []).map((flag) => `${at} ${fishFlag(flag)}`)]
  })
  return `# Completions of subagent-mcp, for ~/.config/fish/completions/subagent-mcp.fish
function __subagent_mcp_at
  set -l words (commandline -opc)[2..-1]
  set -l named (string match -v -- '-*' $words)
  set -l path $argv[2..-1]
  test "$argv[1]" = 0; and test (count $named) = 0; and return 0
  test "$argv[1]" != 0; and test "$named[1..$argv[1]]" = "$path"
end
${lines.join('\n')}
complete -c subagent-mcp -l help -d 'Show help'
`
}

function fishFlag({ name, short, value, choices, description }: FlagHelp): string {
  return [
    `-l ${name.slice(2)}`,
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    ...(value === undefined || value.startsWith('[') ? [] : ['-r']),
    ...(choices === undefined ? [] : [`-f -a '${choices.join(' ')}'`]),
    `-d ${quoted(description)}`,
  ].join(' ')
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
