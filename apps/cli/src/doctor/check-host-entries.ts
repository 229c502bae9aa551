import {
  codexHooksFilePath,
  codexHooksFileFormat,
  createCodexHookTrust,
  getCodexTrustFilePath,
  isDataTable,
  getValueAt,
  type CodexHookTrust,
} from '@subagent-mcp/installer'
import { realpathSync } from 'node:fs'
import { formatCountWithNoun } from '../terminal/format.js'
import {
  createOkFinding,
  type DoctorContext,
  type DoctorFinding,
  type DoctorProblem,
} from './run-doctor-checks.js'
import { readHostSettings } from './host-settings.js'
import {
  formatShellCommandInFolder,
  readHostFile,
  readHostRegistrations,
  createHostSetupFix,
  listHostWirings,
  type HostRegistration,
  type HostWiring,
} from './host-wirings.js'

/** Checks that Codex trusts the hooks of subagent-mcp, because Codex skips untrusted ones without a message. */
export function checkHookTrust(context: DoctorContext): DoctorFinding[] {
  const codex = listHostWirings(context).filter(({ host }) => host.id === 'codex')
  return codex.flatMap((hostWiring) => checkCodexHooks(hostWiring, context))
}

function checkCodexHooks(hostWiring: HostWiring, context: DoctorContext): DoctorFinding[] {
  const path = codexHooksFilePath(context.machine, hostWiring.wiring)
  const file = readHostFile({ path, ...codexHooksFileFormat })
  if (file.type !== 'data') return []
  const states = trustStates(path, file.data, userConfig(context))
  const skipped = (
    state: TrustState,
    why: string,
    mending: Pick<DoctorProblem, 'mend' | 'fix'>,
  ): DoctorProblem[] => {
    const count = states.filter((each) => each === state).length
    const what = `Codex skips ${formatCountWithNoun(count, 'hook')} of ours (${why}): ${path}`
    return count === 0 ? [] : [{ severity: 'warning', what, ...mending }]
  }
  const trouble = [
    // After setup --no-trust the user decides on the trust in Codex.
    ...skipped(
      'untrusted',
      'not trusted yet',
      hostWiring.trust ? createHostSetupFix(hostWiring, context) : byHand,
    ),
    ...skipped('other', 'changed after being trusted', byHand),
    ...skipped('disabled', 'turned off', byHand),
  ]
  if (states.length === 0 || trouble.length > 0) return trouble
  return [createOkFinding(`Codex trusts our ${formatCountWithNoun(states.length, 'hook')}: ${path}`)]
}

const byHand = { mend: 'codex, and in it /hooks' }

/** Returns the user's Codex configuration, in which Codex also records its trust in the hooks of projects. */
function userConfig({ machine }: DoctorContext): unknown {
  const file = readHostFile({ path: getCodexTrustFilePath(machine), format: 'toml' })
  return file.type === 'data' ? file.data : undefined
}

/** Whether Codex trusts a hook. `other`: its record is for an earlier hook at the same position of the file. */
type TrustState = 'trusted' | 'untrusted' | 'other' | 'disabled'

/**
 * Returns whether Codex trusts each hook of subagent-mcp. Codex records trust by the real path of the file if `CODEX_HOME` is set,
 * otherwise by its path.
 */
function trustStates(path: string, data: unknown, config: unknown): TrustState[] {
  const byRealPath = createCodexHookTrust(realpathSync(path), data)
  return createCodexHookTrust(path, data).map((hook, index) => {
    const state = trustState(hook, config)
    const other = byRealPath[index]
    return state === 'untrusted' && other !== undefined ? trustState(other, config) : state
  })
}

function trustState({ key, hash }: CodexHookTrust, config: unknown): TrustState {
  const state = getValueAt(config, ['hooks', 'state', key])
  if (getValueAt(state, ['enabled']) === false) return 'disabled'
  const trusted = getValueAt(state, ['trusted_hash'])
  if (trusted === hash) return 'trusted'
  return trusted === undefined ? 'untrusted' : 'other'
}

/** Checks that hosts let a call of `wait` take its default 15 minutes. */
export function checkHostTimeouts(context: DoctorContext): DoctorFinding[] {
  const registered = readHostRegistrations(context).filter(({ entry }) => entry !== undefined)
  const limits = registered.map((registration) => checkLimit(registration, context))
  const listed = (type: CheckedLimit['type'], words: string): DoctorFinding[] => {
    const labels = new Set(limits.flatMap((limit) => (limit.type === type ? [limit.label] : [])))
    return labels.size === 0 ? [] : [createOkFinding(`${words}: ${[...labels].join(', ')}`)]
  }
  return [
    ...limits.flatMap((limit) => (limit.type === 'short' ? [limit.trouble] : [])),
    ...listed('long', 'a wait may take its 15 minutes in'),
    ...listed('bounded', `calls end sooner (${nothingIsLost}) in`),
    ...listed('unknown', `how long a call may take is not known (${nothingIsLost}) of`),
  ]
}

const nothingIsLost = 'agents and tasks go on, and the next wait has their results'

/** The result of checking a host's time limit for tool calls. `bounded`: too short, but the host accepts no higher limit. */
type CheckedLimit = { label: string } & (
  | { type: 'long' | 'bounded' | 'unknown' }
  | { type: 'short'; trouble: DoctorProblem }
)

/** The default time limit of the `wait` tool, in seconds. */
const longestWait = 900

function checkLimit(registration: HostRegistration, context: DoctorContext): CheckedLimit {
  const { host, change } = registration
  const { label, callLimit } = host
  const limit = limitOf(registration, context)
  if (limit === undefined) return { label, type: 'unknown' }
  const { seconds, ...mending } = limit
  if (seconds >= longestWait) return { label, type: 'long' }
  if (seconds === callLimit?.longest) return { label, type: 'bounded' }
  const ends = `${label} ends a call after ${seconds} s, and wait takes up to ${longestWait} s`
  const what = `${ends} (${nothingIsLost}): ${change.path}`
  return { label, type: 'short', trouble: { severity: 'warning', what, ...mending } }
}

type EffectiveLimit = { seconds: number } & Pick<DoctorProblem, 'mend' | 'fix'>

function limitOf(registration: HostRegistration, context: DoctorContext): EffectiveLimit | undefined {
  const { host, entry } = registration
  if (host.callLimit === undefined) return undefined
  const { key, perSecond, default: seconds } = host.callLimit
  const set = Number(getValueAt(entry, [key])) / perSecond
  if (Number.isFinite(set)) return { seconds: set, ...createHostSetupFix(registration, context) }
  const forAll = host.id === 'claude' ? claudeLimit(registration, context) : undefined
  if (forAll !== undefined || seconds === undefined) return forAll
  return { seconds, ...createHostSetupFix(registration, context) }
}

/**
 * Claude Code's time limit for all servers, from its environment or its settings. Settings of the project come before those of the user.
 */
function claudeLimit(registration: HostRegistration, context: DoctorContext): EffectiveLimit | undefined {
  const places = [
    { value: context.environment[claudeVariable] || undefined, place: 'your environment' },
    ...readHostSettings(registration, context, 'settings.json').map(({ path, data }) => ({
      value: getValueAt(data, ['env', claudeVariable]),
      place: `"env" of ${path}`,
    })),
  ]
  const last = places.findLast(({ value }) => Number.isFinite(Number(value)))
  return last && { seconds: Number(last.value) / 1000, mend: `take ${claudeVariable} out of ${last.place}` }
}

const claudeVariable = 'MCP_TOOL_TIMEOUT'

/** Finds other MCP servers that run sub-agents in the files of hosts, also ours under another name. */
export function checkOtherMcpServers(context: DoctorContext): DoctorFinding[] {
  const findings = readHostRegistrations(context).flatMap((registration) =>
    serverTables(registration, context).flatMap((table) => knownServersIn(table, registration, context)),
  )
  return findings.length > 0 ? findings : [createOkFinding('none that runs sub-agents too')]
}

/**
 * MCP servers that run sub-agents like ours; a model that has two of them mixes up their tools. A server is recognized by
 * words of its command line, which must all be there.
 */
const knownServers: readonly { label: string; words: readonly string[] }[] = [
  { label: 'this very server', words: ['subagent-mcp'] },
  { label: 'Claude Code itself', words: ['claude', 'mcp', 'serve'] },
  { label: 'Codex itself', words: ['codex', 'mcp-server'] },
  { label: 'claude-code-mcp', words: ['claude-code-mcp'] },
  { label: 'claude-flow', words: ['claude-flow'] },
  { label: 'ruflo', words: ['ruflo'] },
  { label: 'mcp-delegate-cli', words: ['mcp-delegate-cli'] },
  { label: 'PAL', words: ['pal-mcp-server'] },
  { label: 'sub-agents-mcp', words: ['sub-agents-mcp'] },
  { label: 'Zen', words: ['zen-mcp-server'] },
]

/** A table of MCP servers by name in a file of a host, its place there, and the scope for the host's own `mcp remove`. */
type ServerTable = {
  place: readonly string[]
  servers: Readonly<Record<string, unknown>>
  scope: string
}

function serverTables(
  { host, wiring, place, data }: HostRegistration,
  { project }: DoctorContext,
): ServerTable[] {
  const parent = place.slice(0, -1)
  const places: Omit<ServerTable, 'servers'>[] = [{ place: parent, scope: wiring.scope }]
  // `claude mcp add` writes to this table by default. A server in it hides the user's server of the same name.
  if (host.id === 'claude') places.push({ place: ['projects', project, ...parent], scope: 'local' })
  return places.flatMap((each) => {
    const servers = getValueAt(data, each.place)
    return isDataTable(servers) ? [{ ...each, servers }] : []
  })
}

function knownServersIn(
  { place, servers, scope }: ServerTable,
  registration: HostRegistration,
  context: DoctorContext,
): DoctorFinding[] {
  const { host, change, place: ours } = registration
  return Object.entries(servers).flatMap(([name, entry]): DoctorFinding[] => {
    const known = knownServers.find(({ words }) => words.every((word) => wordsOf(entry).includes(word)))
    const server = [...place, name]
    if (known === undefined || server.join('\n') === ours.join('\n')) return []
    const what = `${host.label} has '${name}', which is ${known.label}: ${change.path}`
    return [{ severity: 'warning', what, mend: removal(registration, { server, scope }, context) }]
  })
}

/** Returns how a user removes an MCP server from a host. A name that could be an option is put into no command, because a stranger may have chosen it. */
function removal(
  { host, change, wiring }: HostRegistration,
  { server, scope }: { server: readonly string[]; scope: string },
  context: DoctorContext,
): string {
  const name = server.at(-1) ?? ''
  if (host.id === 'claude' && !name.startsWith('-')) {
    const cwd = wiring.scope === 'project' ? wiring.project : context.project
    return formatShellCommandInFolder(cwd, ['claude', 'mcp', 'remove', name, '-s', scope], context)
  }
  // `codex mcp remove` rewrites the tables of all servers; other hosts have no such command.
  return `take ${server.join('.')} out of ${change.path}`
}

/** Returns the words by which an MCP server is recognized: those of its command line and of its paths, without versions and extensions. */
function wordsOf(entry: unknown): string[] {
  const words = [getValueAt(entry, ['command']), getValueAt(entry, ['args'])].flat()
  const parts = words.flatMap((word) => (typeof word === 'string' ? word.split(/[\s/\\@]+/) : []))
  return parts.map((part) => part.replace(/\.(?:[cm]?js|ts|cmd|exe|py)$/, ''))
}
