import { processesWithVariable, startTimeOf } from '@subagent-mcp/driver-kit'
import { exitFileVariable } from './exit-file.js'
import type { FleetMember, WorkerProcess } from './member.js'
import { workerFiles } from './worker-process.js'

/**
 * Returns a worker with its process, if a daemon started the process and was killed before it could record the pid. The process is found
 * by the path of its exit file in its environment.
 */
export function findStarted(
  member: FleetMember,
  { folder, at }: { folder: string; at: number },
): FleetMember {
  const { life, entry } = member
  const isUnknown = life.status === 'starting' || (life.status === 'ending' && life.process === undefined)
  const process = isUnknown ? processFor(workerFiles(folder, entry.name).exit) : undefined
  if (!process) return member
  if (life.status === 'ending') return { ...member, life: { ...life, process } }
  return { ...member, life: { status: 'running', process, since: at } }
}

function processFor(exit: string): WorkerProcess | undefined {
  const [pid] = Object.entries(exitFileVariable(exit)).flatMap(([name, value = '']) =>
    processesWithVariable(name, value),
  )
  return pid === undefined ? undefined : { pid, startTime: startTimeOf(pid) ?? '-' }
}
