import type { HookedHost } from '@subagent-mcp/orchestration'
import type { OurMark } from '../edit/ours.js'
import type { HostMachine, Wiring } from './host.js'
import { serverName } from './server-entry.js'
import type { Edit } from '../edit/edit.js'

/** The shell with which a host runs the command line of a hook. */
type Shell = 'posix' | 'double-quotes' | 'powershell'

/** Shells on Windows. Claude Code has Git's bash or a substitute, Codex cmd, Gemini CLI PowerShell. */
const windowsShells: Record<HookedHost, Shell> = {
  claude: 'double-quotes',
  codex: 'double-quotes',
  gemini: 'powershell',
}

export function hookCommand(machine: HostMachine, { server }: Wiring, host: HookedHost): string {
  const shell = machine.platform === 'win32' ? windowsShells[host] : 'posix'
  const words = withoutShell([server.command, ...server.args]).map((word) => quoted(word, shell))
  const line = [...words, 'hook', host].join(' ')
  if (shell === 'posix') return `${hasNothingToSay(host)} || exec ${line}`
  // PowerShell prints a line that begins with a string, unless `&` is before it.
  return shell === 'powershell' && line.startsWith("'") ? `& ${line}` : line
}

/**
 * A shell test whether orchestration mode is off everywhere, and neither mail nor reports of agents wait, so that Node need
 * not start. It looks for the files in every folder that can be the state folder by the hook's environment. It has no `${}`,
 * because Gemini CLI replaces that.
 */
function hasNothingToSay(host: HookedHost): string {
  return signs[host].flatMap((file) => homes.map((folder) => `[ ! -f "${folder}/${file}" ]`)).join(' && ')
}

/** The files whose existence makes a hook start Node. Only Claude Code gets notices of mail. */
const signs: Record<HookedHost, readonly string[]> = {
  claude: ['modes.json', 'agents.json', 'mail.json'],
  codex: ['modes.json', 'agents.json'],
  gemini: ['modes.json', 'agents.json'],
}

const homes = ['$SUBAGENT_MCP_HOME', '$XDG_STATE_HOME/subagent-mcp', '$HOME/.subagent-mcp']

/** How our hooks are recognized, wherever the program was installed when they were written. */
export function hookMark(host: HookedHost): OurMark {
  return { mentions: [serverName, ` hook ${host}`] }
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

/** A hook event of a host, with the matcher of its tools. */
type HookEvent = { event: string; matcher?: string }

export type HostHooks = {
  host: HookedHost
  events: readonly HookEvent[]
  /** The time limit of a hook, in the host's own unit. */
  timeout: number
}

/** Adds our group as the last one of each event, so that hosts that trust hooks by their position keep trusting the others. */
export function hookEdits(
  machine: HostMachine,
  wiring: Wiring,
  { host, events, timeout }: HostHooks,
): Edit[] {
  const handler = { type: 'command', command: hookCommand(machine, wiring, host), timeout }
  return events.map(({ event, matcher }) => ({
    type: 'add-item',
    path: ['hooks', event],
    value: { ...(matcher !== undefined && { matcher }), hooks: [handler] },
    ours: hookMark(host),
  }))
}
