import type { HookedHost } from '@subagent-mcp/orchestration'
import type { Ours } from '../edit/ours.js'
import type { Machine, Wiring } from './host.js'
import { serverName } from './server-entry.js'

/** What a host runs a hook's command with. */
type Shell = 'posix' | 'double-quotes' | 'powershell'

/** On Windows: Claude Code has Git's bash or what stands for it, Codex cmd, Gemini CLI PowerShell. */
const windowsShells: Record<HookedHost, Shell> = {
  claude: 'double-quotes',
  codex: 'double-quotes',
  gemini: 'powershell',
}

/** The line that a host runs for a hook. */
export function hookCommand(machine: Machine, { server }: Wiring, host: HookedHost): string {
  const shell = machine.platform === 'win32' ? windowsShells[host] : 'posix'
  const words = withoutShell([server.command, ...server.args]).map((word) => quoted(word, shell))
  const line = [...words, 'hook', host].join(' ')
  if (shell === 'posix') return `${hasNothingToSay(host)} || exec ${line}`
  // A line that begins with a string is one to PowerShell.
  return shell === 'powershell' && line.startsWith("'") ? `& ${line}` : line
}

/**
 * Whether orchestration mode is off everywhere and no mail waits, before node is started: the files that say so are
 * looked for in all folders that ours can be, as the hook's own environment says. No `${}`: Gemini CLI puts values of its
 * own there.
 */
function hasNothingToSay(host: HookedHost): string {
  return signs[host].flatMap((file) => homes.map((folder) => `[ ! -f "${folder}/${file}" ]`)).join(' && ')
}

/** Codex trusts its line as it is: another one would have to be trusted anew. */
const signs: Record<HookedHost, readonly string[]> = {
  claude: ['modes.json', 'mail.json'],
  codex: ['modes.json'],
  gemini: ['modes.json'],
}

const homes = ['$SUBAGENT_MCP_HOME', '$XDG_STATE_HOME/subagent-mcp', '$HOME/.subagent-mcp']

/** By what a hook is ours, wherever its program was installed when it was written. */
export function ourHooks(host: HookedHost): Ours {
  return { mentions: [serverName, ` hook ${host}`] }
}

/** A hook's line goes to a shell already, and Git's bash would make a folder of the `/c` of `cmd`. */
function withoutShell(words: readonly string[]): readonly string[] {
  return words[0] === 'cmd' && words[1] === '/c' ? words.slice(2) : words
}

const quotes: Record<Shell, (word: string) => string> = {
  posix: (word) => `'${word.replaceAll("'", String.raw`'\''`)}'`,
  'double-quotes': (word) => `"${word}"`,
  powershell: (word) => `'${word.replaceAll("'", "''")}'`,
}

/** With slashes for backslashes on Windows: bash would read those as escapes, and node takes both. */
function quoted(word: string, shell: Shell): string {
  const plain = shell === 'posix' ? word : word.replaceAll('\\', '/')
  return /^[\w./:@=-]+$/.test(plain) ? plain : quotes[shell](plain)
}
