import type { CommandHelp, CliCommandsHelp, CliFlagHelp, CompletionNameKind } from './commands-help.js'

export const knownShells = ['bash', 'zsh', 'fish', 'powershell'] as const

type Shell = (typeof knownShells)[number]

/**
 * Returns a shell script that completes commands, their options, and the values of both: those of a fixed set, and the names of
 * agents, definitions, providers and workers, for which the script calls `subagent-mcp complete`.
 */
export function renderShellCompletions(all: CliCommandsHelp, shell: Shell): string {
  const entries = Object.entries(all)
    .filter(([path]) => isShown(all, path))
    .map(([path, help]) => entryOf(all, path, help))
  return renderers[shell](entries)
}

/** The completions after the words of one command, such as `chat send`. `isGroup`: the next word names a command of the group. */
type Entry = {
  path: string
  isGroup: boolean
  commands: readonly (readonly [name: string, description: string])[]
  choices: readonly string[]
  /** The kind of names that the arguments of the command take, such as names of agents. */
  names: CompletionNameKind | undefined
  flags: readonly CliFlagHelp[]
}

function entryOf(all: CliCommandsHelp, path: string, help: CommandHelp): Entry {
  const { words = [], flags = [] } = runs(all, path, help)
  return {
    path,
    isGroup: help.commands !== undefined,
    commands: Object.entries(help.commands ?? {}),
    choices: words.flatMap(({ choices = [] }) => choices),
    names: words.find(({ names }) => names !== undefined)?.names,
    flags,
  }
}

/** Whether a command is listed in the help of its group; hidden commands are not. */
function isShown(all: CliCommandsHelp, path: string): boolean {
  if (path === '') return true
  const at = path.lastIndexOf(' ')
  return Object.hasOwn(all[path.slice(0, Math.max(at, 0))]?.commands ?? {}, path.slice(at + 1))
}

/** Returns the help of the command that runs for a path; for a group, that of its default command. */
function runs(all: CliCommandsHelp, path: string, help: CommandHelp): CommandHelp {
  const { default: defaultName } = help
  if (defaultName === undefined) return help
  return all[path === '' ? defaultName : `${path} ${defaultName}`] ?? help
}

const renderers: Readonly<Record<Shell, (entries: readonly Entry[]) => string>> = {
  bash: renderBash,
  zsh: (entries) =>
    `#compdef subagent-mcp\nautoload -U +X bashcompinit && bashcompinit\n${renderBash(entries)}`,
  fish: renderFish,
  powershell: renderPowerShell,
}

/** Returns the commands, values and options that the shell offers after the words of a command. */
function wordsOf({ commands, choices, flags }: Entry): string[] {
  const options = flags.flatMap(({ name, short = [] }) => [name].concat(short))
  return [...commands.map(([name]) => name), ...choices, ...options, '--help']
}

/** Whether an option is followed by a value. */
function takesValue({ value }: CliFlagHelp): boolean {
  return value !== undefined && !value.startsWith('[')
}

function groupPaths(entries: readonly Entry[]): string[] {
  return entries.flatMap(({ path, isGroup }) => (isGroup ? [`'${path}'`] : []))
}

function renderBash(entries: readonly Entry[]): string {
  const words = entries.map((entry) => {
    const { path, names } = entry
    return `    '${path}') words='${wordsOf(entry).join(' ')}'${names === undefined ? '' : `; names=${names}`} ;;`
  })
  const values = entries.flatMap(({ path, flags }) =>
    flags.filter(takesValue).map((flag) => `    '${path} ${flag.name}') ${bashAction(flag)}; return ;;`),
  )
  return `# Completions of subagent-mcp; source this file.
_subagent_mcp() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path='' word words='' names=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) break ;; esac
    case "$path" in ${groupPaths(entries).join('|')}) path="\${path:+$path }$word" ;; esac
  done
  case "$path $previous" in
${values.join('\n')}
  esac
  case "$path" in
${words.join('\n')}
  esac
  if [[ -n "$names" && "$current" != -* ]]; then words="$words $(subagent-mcp complete "$names" 2>/dev/null)"; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _subagent_mcp subagent-mcp
`
}

function bashAction({ choices, names, value }: CliFlagHelp): string {
  const offer = (words: string): string => `COMPREPLY=($(compgen -W ${words} -- "$current"))`
  if (choices) return offer(`'${choices.join(' ')}'`)
  if (names) return offer(`"$(subagent-mcp complete ${names} 2>/dev/null)"`)
  // Without a reply bash completes files.
  return value === '<folder>' ? 'COMPREPLY=($(compgen -d -- "$current"))' : 'COMPREPLY=()'
}

function renderFish(entries: readonly Entry[]): string {
  const lines = entries.flatMap(({ path, commands, choices, names, flags }) => {
    const depth = path === '' ? 0 : path.split(' ').length
    const at = `complete -c subagent-mcp -n '__subagent_mcp_at ${depth} ${path}'`
    return [
      ...commands.map(([name, description]) => `${at} -f -a ${name} -d ${quoted(description)}`),
      ...choices.map((value) => `${at} -f -a ${value}`),
      ...(names === undefined ? [] : [`${at} -f -a ${fishNames(names)}`]),
      ...flags.map((flag) => `${at} ${fishFlag(flag)}`),
    ]
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

function fishFlag(flag: CliFlagHelp): string {
  const { name, short, choices, names, description } = flag
  return [
    `-l ${name.slice(2)}`,
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    ...(takesValue(flag) ? ['-r'] : []),
    ...(choices === undefined ? [] : [`-f -a '${choices.join(' ')}'`]),
    ...(names === undefined ? [] : [`-f -a ${fishNames(names)}`]),
    `-d ${quoted(description)}`,
  ].join(' ')
}

function fishNames(names: CompletionNameKind): string {
  return `'(subagent-mcp complete ${names} 2>/dev/null)'`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function renderPowerShell(entries: readonly Entry[]): string {
  const list = (words: readonly string[]): string => `@(${words.map((word) => `'${word}'`).join(', ')})`
  const words = entries.map((entry) => `    '${entry.path}' = ${list(wordsOf(entry))}`)
  const names = entries.flatMap(({ path, names }) =>
    names === undefined ? [] : [`    '${path}' = '${names}'`],
  )
  const values = entries.flatMap(({ path, flags }) =>
    flags.filter(takesValue).map(({ name, choices = [], names }) => {
      const offered = names === undefined ? list(choices) : `{ subagent-mcp complete ${names} 2>$null }`
      return `    '${path} ${name}' = ${offered}`
    }),
  )
  return `# Completions of subagent-mcp, for $PROFILE.
Register-ArgumentCompleter -Native -CommandName subagent-mcp -ScriptBlock {
  param($current, $line, $position)
  $words = @{
${words.join('\n')}
  }
  $names = @{
${names.join('\n')}
  }
  $values = @{
${values.join('\n')}
  }
  $typed = @($line.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_" })
  $path = ''
  foreach ($word in $typed) {
    if ($word.StartsWith('-')) { break }
    if (@(${groupPaths(entries).join(', ')}) -contains $path) { $path = "$path $word".Trim() }
  }
  $option = if ($typed.Count -gt 0) { "$path $($typed[-1])" } else { '' }
  $offered = if ($values.ContainsKey($option)) {
    if ($values[$option] -is [scriptblock]) { & $values[$option] } else { $values[$option] }
  } else {
    $words[$path]
    if ($names.ContainsKey($path) -and -not $current.StartsWith('-')) { subagent-mcp complete $names[$path] 2>$null }
  }
  $offered | Where-Object { $_ -like "$current*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`
}
