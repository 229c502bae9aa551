import {
  codexHooksFile,
  codexTrustAfterRemoval,
  plan,
  type FileChange,
  type FileRecord,
  type Host,
  type Machine,
  type Planned,
  type Wiring,
} from '@subagent-mcp/installer'
import { codexTrust } from './codex-trust.js'
import { readOrRefuse } from './read-or-refuse.js'
import { unwanted } from './unwanted.js'

/** Which hosts are to be wired how; with `trust` the hooks of Codex are put on record as trusted. */
export type Wish = { machine: Machine; hosts: readonly Host[]; wiring: Wiring; trust: boolean }

/** What the wish comes to on this machine, file by file; touches nothing. Without records no switch is turned back. */
export function planWiring(wish: Wish, recorded: readonly FileRecord[] = []): Planned[] {
  const { machine, hosts, wiring } = wish
  const removals = new Set(hosts.flatMap((host) => unwanted({ host, machine, wiring }, recorded)))
  const changes = [...removals, ...hosts.flatMap((host) => host.changes(machine, wiring))]
  const planned = plan(changes, readOrRefuse)
  const trusting = planTrust(wish, planned)
  const whole = trusting ? plan([...changes, trusting], readOrRefuse) : planned
  return whole.filter((item) => item.type !== 'unchanged' || !removals.has(item.change))
}

/** What Codex trusts follows its hooks: ours that come, and those of the user that move up where ours go. */
function planTrust(
  { machine, hosts, wiring, trust }: Wish,
  planned: readonly Planned[],
): FileChange | undefined {
  if (!hosts.some(({ id }) => id === 'codex')) return undefined
  if (wiring.hooks) return trust ? codexTrust(machine, wiring, planned) : undefined
  const path = codexHooksFile(machine, wiring)
  const written = planned.find((item) => item.type === 'write' && item.path === path)
  return written?.type === 'write' ? codexTrustAfterRemoval(machine, written, readOrRefuse) : undefined
}
