import {
  codexHooksFile,
  codexTrustAfterRemoval,
  hosts,
  plan,
  removing,
  serverName,
  type FileChange,
  type FilePlan,
  type Machine,
  type Planned,
  type RefusedChange,
  type Wiring,
} from '@subagent-mcp/installer'
import { readOrRefuse } from './read-or-refuse.js'
import type { UndoneFile } from './undo-wiring.js'
import type { WiringState } from './wiring-state.js'
import { writePlanned } from './write-planned.js'

/** Places that no record speaks of: the user's own, and those of the project here. */
export type Unrecorded = { machine: Machine; project: string; recorded: ReadonlySet<string> }

/** What of ours is to be taken out of a file that no record speaks of, or cannot be. */
export type Leftover = FilePlan | RefusedChange

/**
 * What is ours in files that no record speaks of: entries of our name, and no others. A project's files are looked at
 * only where all records are lost: else what has our name there is the project's own.
 */
export function planLeftovers({ machine, project, recorded }: Unrecorded): Leftover[] {
  const scopes = recorded.size === 0 ? (['user', 'project'] as const) : (['user'] as const)
  const places = scopes.map((scope) => ({ scope, project }))
  const entries = places
    .flatMap((place) => entriesOf(machine, place))
    .filter(({ path }) => !recorded.has(path) && isMentioned(path))
  const planned = plan(entries, readOrRefuse)
  const trusts = places
    .flatMap((place) => trustAfter(planned, machine, codexHooksFile(machine, place)))
    .filter(({ path }) => !recorded.has(path))
  const whole = trusts.length > 0 ? plan([...entries, ...trusts], readOrRefuse) : planned
  return whole.filter((item) => item.type !== 'unchanged')
}

/** What is to be told of one. */
export function foreseeLeftover(item: Leftover): UndoneFile {
  if (item.type === 'write') return { path: item.path, type: 'unrecorded' }
  return { path: item.change.path, type: 'refused', why: item.why }
}

/** Off the record, but with a backup: to undo it would put ours back. */
export function takeOutUnrecorded(item: Leftover, { backups }: Pick<WiringState, 'backups'>): UndoneFile {
  const foreseen = foreseeLeftover(item)
  if (item.type === 'refused') return foreseen
  const unrecorded = { backups, add: () => undefined, remove: () => undefined }
  const wrote = writePlanned(item, unrecorded, 'user')
  return wrote.type === 'written' ? foreseen : { path: item.path, type: 'refused', why: wrote.why }
}

function entriesOf(machine: Machine, place: Pick<Wiring, 'scope' | 'project'>): FileChange[] {
  const server = { command: serverName, args: [] }
  const wiring = { ...place, server, hooks: true, suppressNative: true, forward: [] }
  return hosts.flatMap((host) => host.changes(machine, wiring)).map(removing)
}

/** Trust does not bear our name, but that of the hooks' file: it goes with the hooks. */
function trustAfter(planned: readonly Planned[], machine: Machine, path: string): FileChange[] {
  const hooks = planned.find((item) => item.type === 'write' && item.path === path)
  const change = hooks?.type === 'write' ? codexTrustAfterRemoval(machine, hooks, readOrRefuse) : undefined
  return change ? [change] : []
}

/** A file that cannot be edited is told of only where it speaks of us. */
function isMentioned(path: string): boolean {
  const file = readOrRefuse(path)
  return file.type === 'text' && file.text.includes(serverName)
}
