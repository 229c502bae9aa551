import { mcpServerName } from '@subagent-mcp/contract'
import type { HookedHost } from '@subagent-mcp/orchestration'
import type { OurMark } from '../edit/our-items.js'
import type { HostMachine, HostSetup } from './host.js'
import { pluginFlag } from './server-entry.js'
import type { DocumentEdit } from '../edit/edit.js'

type Shell = 'posix' | 'double-quotes' | 'powershell'

/** Shells on Windows. Claude Code has Git's bash or a substitute, Codex cmd, Gemini CLI PowerShell. */
const windowsShells: Record<HookedHost, Shell> = {
  claude: 'double-quotes',
  codex: 'double-quotes',
  gemini: 'powershell',
}

export function buildHookCommand(
  machine: HostMachine,
  { server, plugin }: HostSetup,
  host: HookedHost,
  { wakes, signs: more = [] }: HookLine = {},
): string {
  const shell = shellOf(machine, host)
  const words = ['hook', host, ...(wakes ? ['wake'] : []), ...(plugin ? [pluginFlag] : [])]
  const line = programLine(server, shell, words)
  if (shell === 'posix') {
    const isIdle = areAbsent(wakes ? more : [...signs[host], ...more])
    return wakes
      ? `${isHeadless}${isIdle && ` || { ${isIdle}; }`} || exec ${line}`
      : `${isIdle} || exec ${line}`
  }
  // PowerShell prints a line that begins with a string, unless `&` is before it.
  return shell === 'powershell' && line.startsWith("'") ? `& ${line}` : line
}

/** Returns the command line of Claude Code's status line. Node starts only while there is something to show. */
export function buildStatusLineCommand(machine: HostMachine, { server }: Pick<HostSetup, 'server'>): string {
  const shell = shellOf(machine, 'claude')
  const line = programLine(server, shell, ['hook', 'claude', 'status'])
  return shell === 'posix' ? `${areAbsent(['status.json'])} || exec ${line}` : line
}

export const statusLineMark: OurMark = { mentions: [mcpServerName, ' hook claude status'] }

function shellOf({ platform }: HostMachine, host: HookedHost): Shell {
  return platform === 'win32' ? windowsShells[host] : 'posix'
}

function programLine({ command, args }: HostSetup['server'], shell: Shell, words: readonly string[]): string {
  const program = withoutShell([command, ...args]).map((word) => quoted(word, shell))
  return [...program, ...words].join(' ')
}

/**
 * A shell test whether there is nothing to do, such as because orchestration mode is off everywhere and neither mail nor
 * reports of agents wait, so that Node need not start. It looks for the files in every folder that can be the state folder by
 * the hook's environment. It has no `${}`, because Gemini CLI replaces that.
 */
function areAbsent(files: readonly string[]): string {
  return files.flatMap((file) => homes.map((folder) => `[ ! -e "${folder}/${file}" ]`)).join(' && ')
}

/** A shell test whether Claude Code runs without a terminal. There it may wait for hooks that are meant for the background. */
const isHeadless = '[ "$CLAUDE_CODE_ENTRYPOINT" != cli ]'

/** The files whose existence makes a hook that answers start Node. Only Claude Code gets notices of mail. */
const signs: Record<HookedHost, readonly string[]> = {
  claude: ['modes.json', 'agents.json', 'mail.json'],
  codex: ['modes.json', 'agents.json'],
  gemini: ['modes.json', 'agents.json'],
}

const homes = ['$SUBAGENT_MCP_HOME', '$XDG_STATE_HOME/subagent-mcp', '$HOME/.subagent-mcp']

/** How our hooks are recognized, wherever the program was installed when they were written. */
export function createHookMark(host: HookedHost): OurMark {
  return { mentions: [mcpServerName, ` hook ${host}`] }
}

/** A hook's line runs in a shell already, and Git's bash would turn the `/c` of `cmd` into a folder. */
function withoutShell(words: readonly string[]): readonly string[] {
  return words[0] === 'cmd' && words[1] === '/c' ? words.slice(2) : words
}

const quotes: Record<Shell, (word: string) => string> = {
  posix: (word) => `'${word.replaceAll("'", String.raw`'\''`)}'`,
  'double-quotes': (word) => `"${word}"`,
  powershell: (word) => `'${word.replaceAll("'", "''")}'`,
}

/** Quotes a word for a shell. Uses slashes on Windows, because bash reads backslashes as escapes and Node accepts both. */
function quoted(word: string, shell: Shell): string {
  const plain = shell === 'posix' ? word : word.replaceAll('\\', '/')
  return /^[\w./:@=-]+$/.test(plain) ? plain : quotes[shell](plain)
}

type HookEvent = {
  event: string
  matcher?: string
  /** The hooks of the event. Default: one that answers. */
  lines?: readonly HookLine[]
}

type HookLine = {
  /** The hook waits in the background and wakes the host, instead of answering it. */
  wakes?: true
  /** More files, or folders, whose existence makes the hook start Node. A hook that wakes has no others; without any it always does. */
  signs?: readonly string[]
}

/** The time limit of a hook that waits in the background, in seconds: a week, because without one Claude Code ends it after 10 minutes. */
const longestWatch = 604_800

export type HostHookEvents = {
  host: HookedHost
  events: readonly HookEvent[]
  timeout: number
}

/** Adds our group as the last one of each event, so that hosts that trust hooks by their position keep trusting the others. */
export function createHookEventEdits(
  machine: HostMachine,
  wiring: HostSetup,
  { host, events, timeout }: HostHookEvents,
): DocumentEdit[] {
  const handlerOf = (line: HookLine) => ({
    type: 'command',
    command: buildHookCommand(machine, wiring, host, line),
    // A plugin has one file for all systems.
    ...(wiring.plugin === 'codex' && {
      commandWindows: buildHookCommand({ ...machine, platform: 'win32' }, wiring, host, line),
    }),
    ...(line.wakes ? { asyncRewake: true, timeout: longestWatch } : { timeout }),
  })
  return events.map(({ event, matcher, lines = [{}] }) => ({
    type: 'add-item',
    path: ['hooks', event],
    value: { ...(matcher !== undefined && { matcher }), hooks: lines.map(handlerOf) },
    ours: createHookMark(host),
  }))
}
