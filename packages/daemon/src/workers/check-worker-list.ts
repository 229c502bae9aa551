import { SubagentError } from '@subagent-mcp/contract'
import { isOwnerProcessAlive } from '@subagent-mcp/driver-kit'
import type { WorkerListOwner, WorkerList, WorkerListEntry } from './worker-list.js'
import type { PersistentWorker } from './persistent-worker.js'

/** This daemon, and the command with which a user runs another version of the program. */
type Self = { owner: WorkerListOwner; commandOf(version: string, words: string): string }

/** Refuses a change of the list by a daemon that ends: the next daemon starts the workers that were recorded before. */
export function checkWorkerListChangeable({ isLetGo }: { isLetGo: boolean }): void {
  if (!isLetGo) return
  throw new SubagentError('at-capacity', 'the daemon is stopping', { hint: 'try again when it has ended' })
}

/** Refuses a name that another worker of the list has. A fleet may change its own workers. */
export function checkPersistentWorkerName(
  { keepings }: { keepings: ReadonlyMap<string, PersistentWorker> },
  name: string,
  origin: WorkerListEntry['origin'],
): void {
  const other = keepings.get(name)?.kept()
  if (!other) return
  const isFleets = other.origin === 'fleet'
  if (isFleets ? origin === 'fleet' : other.ended) return
  const text = isFleets ? 'belongs to the fleet' : 'is kept already'
  throw new SubagentError('already-running', `worker '${name}' of ${other.worker.folder} ${text}`, {
    hint: isFleets
      ? 'choose another name, or take it from the fleet file: subagent-mcp fleet up'
      : `choose another name, or end it: subagent-mcp workers stop ${name}`,
  })
}

/** Refuses the record of another running daemon. */
export function checkWorkerListOwner(
  found: WorkerList | 'unreadable' | undefined,
  { owner: self, commandOf }: Self,
): void {
  if (found === undefined || found === 'unreadable') return
  const { pid, startTime, place, version } = found.owner
  const isOurs = pid === self.pid && startTime === self.startTime && place === self.place
  if (isOurs || !isOwnerProcessAlive(found.owner)) return
  throw new SubagentError('already-running', `daemon ${pid} of version ${version} keeps workers`, {
    hint: `there: ${commandOf(version, 'fleet down')}, and subagent-mcp workers stop --all`,
  })
}

/** Refuses a fleet file while another one is up. */
export function checkFleetFile(isUp: string | undefined, file: string): void {
  if (isUp === undefined || isUp === file) return
  throw new SubagentError('already-running', `the fleet of ${isUp} is up`, {
    hint: 'subagent-mcp fleet down, then up; or put all workers into one file',
  })
}
