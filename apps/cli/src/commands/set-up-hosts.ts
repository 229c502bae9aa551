import { SubagentError } from '@subagent-mcp/contract'
import {
  hosts,
  type FilePlan,
  type FileRecord,
  type Host,
  type HostId,
  type Planned,
  type Wiring,
} from '@subagent-mcp/installer'
import { isAbsolute } from 'node:path'
import { exitCode } from '../exit.js'
import { projectOf } from '../mode/project-root.js'
import { wiringOf } from '../wiring/choice.js'
import { machineOf } from '../wiring/machine-of.js'
import { planWiring, type Wish } from '../wiring/plan-wiring.js'
import { serverCommand } from '../wiring/server-command.js'
import { askCodexOfTrust, planTrust } from '../wiring/trust-codex-hooks.js'
import { openWiringState, type WiringState } from '../wiring/wiring-state.js'
import { writePlanned, type Wrote } from '../wiring/write-planned.js'
import { agrees } from '../terminal/agrees.js'
import { plural } from '../terminal/amounts.js'
import type { Terminal } from '../terminal/terminal.js'
import { describePlan, diffLines } from '../terminal/wiring-plan.js'
import { setupReport, summaryLines, type Done } from './setup-report.js'

/** What is to be wired, and how it is told; without `hosts` those that are here. */
export type SetupOrder = Pick<Wiring, 'scope' | 'hooks' | 'suppressNative'> & {
  hosts?: readonly HostId[]
  trust: boolean
  dryRun: boolean
  yes: boolean
  json: boolean
}

/** Shows what is to be written, asks, writes it, and says what is next. @throws SubagentError */
export async function setUpHosts(order: SetupOrder, terminal: Terminal): Promise<number> {
  const { stdout } = terminal
  const wish = wishOf(order, terminal)
  const planned = planWiring(wish, recordsOf(terminal))
  const planning = { wish, planned }
  const files = planned.filter((item) => item.type === 'write')
  const print = (lines: readonly string[]): Promise<void> =>
    order.json ? Promise.resolve() : stdout.print(lines.map((line) => `${line}\n`).join(''))
  const isShownInFull = order.dryRun || (!order.yes && !terminal.ask)
  if (isOfThisMachine(wish) && files.length > 0) await terminal.stderr.print(onlyHere)
  await print([...describePlan(planned, terminal), ...(isShownInFull ? diffLines(files, stdout.paint) : [])])
  if (order.dryRun || !(await isAgreed(order, files, terminal))) {
    if (order.json) await stdout.print(setupReport(planning))
    else if (!order.dryRun) await terminal.stderr.print('nothing was written\n')
    return order.dryRun ? planCode(planned) : exitCode.failed
  }
  const done = await write(wish, planned, terminal)
  if (order.json) await stdout.print(setupReport(planning, done))
  else await print(summaryLines(planning, done, terminal))
  return isWhole(planned, done) ? exitCode.done : exitCode.failed
}

function wishOf(order: SetupOrder, terminal: Terminal): Wish {
  const machine = machineOf(terminal)
  const { scope, trust } = order
  const wiring = wiringOf({ ...order, project: projectOf(terminal.cwd) }, serverCommand())
  const meant = hosts.filter((host) => order.hosts?.includes(host.id) ?? host.isPresent(machine))
  const inScope = meant.filter(({ scopes }) => scopes.includes(scope))
  if (inScope.length === 0) throw noHost(order, meant)
  return { machine, hosts: inScope, wiring, trust }
}

/** Whether files that are for everybody who works on a project get a path that only this machine has. */
function isOfThisMachine({ wiring: { scope, server } }: Wish): boolean {
  return scope === 'project' && isAbsolute(server.command)
}

const onlyHere =
  'these files of the project will name a path of this machine, since this copy of subagent-mcp is not known to come from a registry: do not commit them. With npx subagent-mcp@<version> setup --scope project they name the package, which works for everybody\n'

function recordsOf({ environment }: Terminal): FileRecord[] {
  return openWiringState(environment)
    .read()
    .files.map(({ record }) => record)
}

function noHost({ scope }: SetupOrder, meant: readonly Host[]): SubagentError {
  if (meant.length === 0) {
    const hint = `install one, or name it: --host ${hosts.map(({ id }) => id).join(',')}`
    return new SubagentError('not-installed', 'no host was found on this machine', { hint })
  }
  const message = `${meant.map(({ label }) => label).join(', ')} cannot be wired for a ${scope}`
  return new SubagentError('invalid-parameter', message, { hint: 'leave --scope out' })
}

/** Where there is nothing to write, nobody is asked. */
async function isAgreed(
  { yes }: SetupOrder,
  files: readonly FilePlan[],
  terminal: Terminal,
): Promise<boolean> {
  if (yes || files.length === 0) return true
  return agrees(terminal, `write ${plural(files.length, 'file')}?`, 'subagent-mcp setup --yes does not ask')
}

async function write(wish: Wish, planned: readonly Planned[], terminal: Terminal): Promise<Done> {
  const state = openWiringState(terminal.environment, terminal.now())
  const { scope } = wish.wiring
  const written = new Map<string, Wrote>()
  for (const item of planned) {
    if (item.type === 'write') written.set(item.path, writePlanned(item, state, scope))
  }
  const isWhole = ({ id }: Host): boolean =>
    planned.filter((item) => isAbout(item, id)).every((item) => isInOrder(item, written))
  for (const host of wish.hosts) if (isWhole(host)) keepChoice(wish, host, state)
  const codex = await confirmTrust(wish, { planned, state, terminal })
  return { written, ...(codex !== undefined && { codex }) }
}

function isAbout(item: Planned, host: HostId): boolean {
  return item.type === 'write'
    ? item.changes.some((change) => change.host === host)
    : item.change.host === host
}

function isInOrder(item: Planned, written: Done['written']): boolean {
  return item.type === 'write' ? written.get(item.path)?.type === 'written' : item.type === 'unchanged'
}

function keepChoice({ wiring, trust }: Wish, { id: host }: Host, state: WiringState): void {
  const { scope, project, hooks, suppressNative } = wiring
  state.choose({ host, scope, project, hooks, suppressNative, trust })
}

type Writing = { planned: readonly Planned[]; state: WiringState; terminal: Terminal }

/** Codex has the last word on what it trusts: where it reckons otherwise than we do, its own hashes are written. */
async function confirmTrust(wish: Wish, { planned, state, terminal }: Writing): Promise<Done['codex']> {
  const { machine, wiring, trust } = wish
  const isTouched = planned.some(
    (item) => item.type === 'write' && item.changes.some(({ host }) => host === 'codex'),
  )
  if (!isTouched || !trust || !wiring.hooks) return undefined
  await terminal.stderr.print('asking codex whether it trusts our hooks ...\n')
  const verdict = await askCodexOfTrust(machine, wiring)
  if (verdict.type !== 'untrusted') return verdict
  const missing = planTrust(machine, verdict.trusts)
  if (missing === undefined || writePlanned(missing, state, 'user').type === 'failed') return verdict
  return askCodexOfTrust(machine, wiring)
}

function planCode(planned: readonly Planned[]): number {
  return planned.some(({ type }) => type === 'refused') ? exitCode.failed : exitCode.done
}

function isWhole(planned: readonly Planned[], { written }: Done): boolean {
  return planned.every((item) => isInOrder(item, written))
}
