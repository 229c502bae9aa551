import { SubagentError } from '@subagent-mcp/contract'
import { hosts, type HostId, type Wiring } from '@subagent-mcp/installer'
import { noWord, readWords, wrongUse } from '../terminal/read-words.js'

/** What is to be wired, and how it is told; without `hosts` those that are here. */
export type SetupOrder = Pick<Wiring, 'scope' | 'hooks' | 'suppressNative'> & {
  hosts?: readonly HostId[]
  trust: boolean
  dryRun: boolean
  yes: boolean
  json: boolean
}

/** The flags of `setup`. */
export const setupFlags = {
  host: { type: 'string', valueHint: 'a,b', description: 'These hosts alone; all that are here without it' },
  scope: {
    type: 'string',
    valueHint: 'user|project',
    description: 'For you (the default), or for this project',
  },
  'no-hooks': { type: 'boolean', description: 'Without the hooks of orchestration mode and mail' },
  'no-trust': { type: 'boolean', description: 'Leave it to you to trust the hooks in Codex (/hooks)' },
  'suppress-native': { type: 'boolean', description: "Turn the hosts' own sub-agents off" },
  'dry-run': { type: 'boolean', description: 'Show every line that would change, and touch nothing' },
  yes: { type: 'boolean', short: 'y', alias: 'y', description: 'Do not ask' },
  json: { type: 'boolean', description: 'The same as JSON' },
} as const

const usage =
  'subagent-mcp setup [--host <a,b>] [--scope user|project] [--no-hooks] [--no-trust] [--suppress-native] [--dry-run] [--yes] [--json]'

/** Reads the words after `setup`. @throws SubagentError */
export function readSetupOrder(words: readonly string[]): SetupOrder {
  const { values, positionals } = readWords(words, setupFlags, usage)
  noWord(positionals, usage)
  const { host, scope = 'user', yes = false, json = false, 'dry-run': dryRun = false } = values
  if (json && !yes && !dryRun) throw wrongUse('--json does not ask: say --yes or --dry-run too', usage)
  if (scope !== 'user' && scope !== 'project')
    throw wrongUse(`--scope is user or project, not '${scope}'`, usage)
  return {
    ...(host !== undefined && { hosts: readHosts(host) }),
    scope,
    hooks: !values['no-hooks'],
    trust: !values['no-trust'],
    suppressNative: values['suppress-native'] ?? false,
    dryRun,
    yes,
    json,
  }
}

function readHosts(text: string): HostId[] {
  return text.split(',').map((word) => {
    const host = hosts.find(({ id }) => id === word.trim())
    if (host) return host.id
    const hint = `use one of ${hosts.map(({ id }) => id).join(', ')}`
    throw new SubagentError('unknown-parameter', `no host '${word.trim()}'`, { hint })
  })
}
