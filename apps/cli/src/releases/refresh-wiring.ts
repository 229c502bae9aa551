import { parseJson } from '@subagent-mcp/driver-kit'
import {
  codexHooksFile,
  codexHookTrust,
  codexTrustFile,
  codexTrustsIn,
  forwardedNames,
  hosts,
  plan,
  removing,
  type Host,
  type Machine,
  type Planned,
  type Wiring,
} from '@subagent-mcp/installer'
import { planWiring } from '../wiring/plan-wiring.js'
import { readOrRefuse } from '../wiring/read-or-refuse.js'
import type { Refreshed } from './refreshed.js'
import { serverCommand } from '../wiring/server-command.js'
import { writePlanned } from '../wiring/write-planned.js'
import type { Choice } from '../wiring/choice.js'
import type { WiringState } from '../wiring/wiring-state.js'

/** Writes for each host what this version would set up there; what was current already is not told. */
export function refreshWiring(machine: Machine, state: WiringState): Refreshed[] {
  return state
    .read()
    .choices.flatMap((choice) => planRefresh(machine, choice).flatMap((item) => apply(item, choice, state)))
}

/** What that comes to; touches nothing. */
export function planWiringRefresh(machine: Machine, state: WiringState): Planned[] {
  return state.read().choices.flatMap((choice) => planRefresh(machine, choice))
}

/** A host whose entry the user took out is left alone. */
function planRefresh(machine: Machine, choice: Choice): Planned[] {
  const host = hosts.find(({ id }) => id === choice.host)
  const { scope, project, hooks, suppressNative } = choice
  const server = serverCommand()
  const wiring: Wiring = { server, scope, project, hooks, suppressNative, forward: forwardedNames }
  if (host === undefined || !isThere(host, machine, wiring)) return []
  return planWiring({ machine, hosts: [host], wiring, trust: isTrusted(machine, wiring) })
}

/** Whether anything of ours is left in its files. */
function isThere(host: Host, machine: Machine, wiring: Wiring): boolean {
  const planned = plan(host.changes(machine, wiring).map(removing), readOrRefuse)
  return planned.some(({ type }) => type !== 'unchanged')
}

/** Whether the user let setup put our hooks on record with Codex; `--no-trust` is not overruled later. */
function isTrusted(machine: Machine, wiring: Wiring): boolean {
  const path = codexHooksFile(machine, wiring)
  const trusted = codexTrustsIn(textOf(codexTrustFile(machine)))
  return codexHookTrust(path, parseJson(textOf(path))).some(({ key }) => trusted.has(key))
}

function textOf(path: string): string {
  const file = readOrRefuse(path)
  return file.type === 'text' ? file.text : ''
}

function apply(item: Planned, { scope }: Choice, state: WiringState): Refreshed[] {
  if (item.type === 'unchanged') return []
  if (item.type === 'refused') {
    const { path, snippet } = item.change
    return [{ type: 'refused', path, why: item.why, snippet }]
  }
  const { path } = item
  const wrote = writePlanned(item, state, scope)
  return [wrote.type === 'written' ? { type: 'written', path } : { type: 'refused', path, why: wrote.why }]
}
