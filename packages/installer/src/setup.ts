import { SubagentError } from '@subagent-mcp/contract'
import { askCodexForTrust, type CodexTrustAnswer } from './codex-trust/ask-codex.js'
import { createCodexTrustChange } from './codex-trust/hook-trust.js'
import { hasUserStatusLine } from './hosts/claude-code.js'
import { forwardedVariables } from './hosts/forwarded-names.js'
import type { FileChange, Host, HostId, HostMachine, HostSetup } from './hosts/host.js'
import { hosts } from './hosts/hosts.js'
import { planFileChanges, type PlannedFile, type FilePlanStep } from './plan.js'
import { planSetup, type SetupPlanRequest } from './plan-setup.js'
import { createRunName, openRecords, type Records } from './records/records.js'
import { writePlannedFile, type FileWriteOutcome } from './records/write-with-record.js'

export type SetupOptions = {
  machine: HostMachine
  stateFolder: string
  server: HostSetup['server']
  /** The hosts to set up; with none only `settings` are changed. Default: those that are present on the machine. */
  hosts?: readonly HostId[]
  scope?: HostSetup['scope']
  /** The root of the project to set up; needed for the scope `project`. */
  project?: string
  /** Whether hosts get the hooks of orchestration mode and mail. Default: true. */
  hooks?: boolean
  /** Whether the hosts' own sub-agents are turned off. Default: false. */
  suppressNative?: boolean
  /** Whether Claude Code shows our status line. Default: as in the last setup, unless the user has set another one since. */
  statusLine?: boolean
  /** Whether Codex gets a record that it may run our hooks. Default: true. */
  trustCodexHooks?: boolean
  /** Changes of our own `config.jsonc` with answers of the user. Default: none. */
  settings?: readonly FileChange[]
  /** The run that `rollback` undoes as one. Default: a run of its own. */
  run?: string
  now?: () => number
}

export type SetupPlan = {
  hosts: readonly Host[]
  wiring: HostSetup
  files: readonly FilePlanStep[]
  /** Writes the files as planned. `onAskCodex` is called before Codex is asked about its hooks, which takes about two seconds. */
  apply(onAskCodex?: () => Promise<void>): Promise<SetupResult>
}

export type SetupResult = {
  written: ReadonlyMap<string, FileWriteOutcome>
  /** Whether every change of the plan is in its file now. */
  isComplete: boolean
  /** Codex's answer about the trust in our hooks; undefined if Codex was not asked. */
  codex?: CodexTrustAnswer
}

/** Plans the entries of our MCP server and hooks in the files of hosts; changes nothing. @throws SubagentError for no host and for a yes to the status line that cannot be followed */
export function setup(options: SetupOptions): SetupPlan {
  const { machine, stateFolder, trustCodexHooks: trust = true, settings = [], now = Date.now } = options
  const statusLine = chooseStatusLine(options)
  const wiring = createHostSetup(
    {
      scope: options.scope ?? 'user',
      project: options.project ?? '',
      hooks: options.hooks ?? true,
      suppressNative: options.suppressNative ?? false,
      statusLine: statusLine ?? false,
    },
    options.server,
  )
  const wish: SetupPlanRequest = { machine, hosts: chooseHostsToSetUp(options), wiring, trust, settings }
  const recorded = openRecords(stateFolder).read().files
  const files = planSetup(
    wish,
    recorded.map(({ record }) => record),
  )
  const apply: SetupPlan['apply'] = (onAskCodex) =>
    write(wish, {
      ...{ files, onAskCodex, statusLine },
      records: openRecords(stateFolder, options.run ?? createRunName('setup', now())),
    })
  return { hosts: wish.hosts, wiring, files, apply }
}

export function createHostSetup(
  { scope, project, hooks, suppressNative, statusLine = false }: WiringOptions,
  server: HostSetup['server'],
): HostSetup {
  return { server, scope, project, hooks, suppressNative, statusLine, forward: forwardedVariables }
}

type WiringOptions = Pick<HostSetup, 'scope' | 'project' | 'hooks' | 'suppressNative' | 'statusLine'>

type StatusLineOptions = Pick<SetupOptions, 'machine' | 'stateFolder' | 'scope' | 'statusLine'>

/**
 * The user's answer to whether Claude Code shows our status line: of the options, else of the last setup, and no where the user
 * has another status line. Undefined for no answer. @throws SubagentError for a yes that cannot be followed
 */
export function chooseStatusLine({
  machine,
  stateFolder,
  scope = 'user',
  statusLine,
}: StatusLineOptions): boolean | undefined {
  const isTaken = hasUserStatusLine(machine)
  if (statusLine === true && isTaken)
    throw new SubagentError('not-supported', 'Claude Code has a status line of yours, which stays', {
      hint: 'have its script pass its stdin on to: subagent-mcp hook claude status',
    })
  if (statusLine !== undefined) return statusLine
  if (isTaken) return false
  const { choices } = openRecords(stateFolder).read()
  return choices.find((choice) => choice.host === 'claude' && choice.scope === scope)?.statusLine
}

/** The hosts that setup registers in: the named ones or those that are present, as far as they have the scope. @throws SubagentError for no host */
export function chooseHostsToSetUp({
  machine,
  hosts: ids,
  scope = 'user',
}: Pick<SetupOptions, 'machine' | 'hosts' | 'scope'>): Host[] {
  if (ids?.length === 0) return []
  const wanted = hosts.filter((host) => ids?.includes(host.id) ?? host.isPresent(machine))
  if (wanted.length === 0) {
    const hint = `install one, or name the hosts: ${hosts.map(({ id }) => id).join(',')}`
    throw new SubagentError('not-installed', 'no host was found on this machine', { hint })
  }
  const inScope = wanted.filter(({ scopes }) => scopes.includes(scope))
  if (inScope.length > 0) return inScope
  const message = `${wanted.map(({ label }) => label).join(', ')} cannot be wired for a ${scope}`
  throw new SubagentError('invalid-parameter', message, { hint: 'leave the scope out' })
}

type Writing = {
  files: readonly FilePlanStep[]
  records: Records
  onAskCodex: (() => Promise<void>) | undefined
  /** The answer to record; undefined for none. */
  statusLine: boolean | undefined
}

async function write(wish: SetupPlanRequest, writing: Writing): Promise<SetupResult> {
  const { files, records, statusLine } = writing
  const written = new Map<string, FileWriteOutcome>()
  for (const item of files) {
    if (item.type === 'write')
      written.set(item.path, writePlannedFile(item, records, scopeOf(item, wish.wiring)))
  }
  const { scope, project, hooks, suppressNative } = wish.wiring
  for (const { id: host } of wish.hosts) {
    const isWhole = files.filter((item) => isAbout(item, host)).every((item) => isDone(item, written))
    const shown = statusLine !== undefined && host === 'claude' ? { statusLine } : {}
    if (isWhole) records.choose({ host, scope, project, hooks, suppressNative, ...shown, trust: wish.trust })
  }
  const codex = await confirmTrust(wish, writing)
  const isComplete = files.every((item) => isDone(item, written))
  return { written, isComplete, ...(codex !== undefined && { codex }) }
}

/** The scope of a file, which decides who may read it: our own settings are the user's also when a project is set up. */
function scopeOf({ changes }: PlannedFile, { scope }: HostSetup): HostSetup['scope'] {
  return changes.every(({ host }) => host === 'own') ? 'user' : scope
}

function isDone(item: FilePlanStep, written: SetupResult['written']): boolean {
  return item.type === 'write' ? written.get(item.path)?.type === 'written' : item.type === 'unchanged'
}

function isAbout(item: FilePlanStep, host: HostId): boolean {
  return item.type === 'write'
    ? item.changes.some((change) => change.host === host)
    : item.change.host === host
}

/** Asks Codex whether it trusts our hooks. Where Codex computes other hashes than this package, Codex's are written to its record. */
async function confirmTrust(
  { machine, wiring, trust }: SetupPlanRequest,
  { files, records, onAskCodex }: Writing,
): Promise<CodexTrustAnswer | undefined> {
  const isTouched = files.some((item) => item.type === 'write' && isAbout(item, 'codex'))
  if (!isTouched || !trust || !wiring.hooks) return undefined
  await onAskCodex?.()
  const verdict = await askCodexForTrust(machine, wiring)
  if (verdict.type !== 'untrusted') return verdict
  const [missing] = planFileChanges([createCodexTrustChange(machine, verdict.trusts)])
  if (missing?.type !== 'write' || writePlannedFile(missing, records, 'user').type === 'failed')
    return verdict
  return askCodexForTrust(machine, wiring)
}
