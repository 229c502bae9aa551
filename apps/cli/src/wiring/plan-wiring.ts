import {
  plan,
  removing,
  type FileChange,
  type Host,
  type Machine,
  type Planned,
  type Wiring,
} from '@subagent-mcp/installer'
import { codexTrust } from './codex-trust.js'
import { readOrRefuse } from './read-or-refuse.js'

/** Which hosts are to be wired how; with `trust` the hooks of Codex are put on record as trusted. */
export type Wish = { machine: Machine; hosts: readonly Host[]; wiring: Wiring; trust: boolean }

/** What the wish comes to on this machine, file by file; touches nothing. */
export function planWiring(wish: Wish): Planned[] {
  const { machine, hosts, wiring, trust } = wish
  const changes = hosts.flatMap((host) => [
    ...unwantedHooks(host, machine, wiring),
    ...host.changes(machine, wiring),
  ])
  const planned = plan(changes, readOrRefuse)
  const isCodexTrusted = trust && wiring.hooks && hosts.some(({ id }) => id === 'codex')
  const trusting = isCodexTrusted ? codexTrust(machine, wiring, planned) : undefined
  return trusting ? plan([...changes, trusting], readOrRefuse) : planned
}

/** Hooks of an earlier setup are taken out again where none are wanted. */
function unwantedHooks(host: Host, machine: Machine, wiring: Wiring): FileChange[] {
  if (wiring.hooks) return []
  const wanted = new Set(host.changes(machine, wiring).map(({ what }) => what))
  const surplus = host.changes(machine, { ...wiring, hooks: true }).filter(({ what }) => !wanted.has(what))
  return surplus.map((change) => ({ ...removing(change), what: `${change.what} taken out` }))
}
