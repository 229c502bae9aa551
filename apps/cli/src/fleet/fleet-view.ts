import type { Fleet as FleetView, FleetWorker } from '@subagent-mcp/api'
import { whyBlockedNow } from '../worker/worker-rows.js'
import type { MemberLife, FleetMember } from './member.js'
import { lackedKeys, membersOf, type FleetState } from './reduce-fleet.js'

/** Returns the fleet for the HTTP API. The status of each worker is read from its file below `home`. */
export function fleetView(fleet: FleetState, home: string): FleetView {
  return {
    ...(fleet.status === 'up' && { file: fleet.file }),
    workers: membersOf(fleet).map((member) => workerView(member, fleet, home)),
  }
}

function workerView(member: FleetMember, fleet: FleetState, home: string): FleetWorker {
  const { entry, life, restarts, lastError } = member
  const { name, folder } = entry
  const pid = 'process' in life ? life.process.pid : undefined
  const block = life.status === 'running' ? whyBlockedNow(home, { name, pid: life.process.pid }) : undefined
  const problem = block ?? lastError
  const lacks = [...lackedKeys(member, fleet)]
  return {
    ...{ name, folder, status: block === undefined ? statusOf(life) : 'blocked', restarts },
    ...(pid !== undefined && { pid }),
    ...('since' in life && { since: life.since }),
    ...(lacks.length > 0 && { lacks }),
    ...(problem !== undefined && { lastError: problem }),
  }
}

function statusOf(life: MemberLife): FleetWorker['status'] {
  switch (life.status) {
    case 'ending':
      return life.then === 'start' ? 'starting' : 'stopped'
    case 'parked':
      return 'stopped'
    default:
      return life.status
  }
}
