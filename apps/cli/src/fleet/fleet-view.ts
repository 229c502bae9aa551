import type { Fleet as FleetView, FleetWorker } from '@subagent-mcp/daemon'
import type { Life, Member } from './member.js'
import { lackedKeys, membersOf, type Fleet } from './reduce-fleet.js'

/** What is shown of a fleet. */
export function fleetView(fleet: Fleet): FleetView {
  return {
    ...(fleet.status === 'up' && { file: fleet.file }),
    workers: membersOf(fleet).map((member) => workerView(member, fleet)),
  }
}

function workerView(member: Member, fleet: Fleet): FleetWorker {
  const { entry, life, restarts, lastError } = member
  const { name, folder } = entry
  const lacks = [...lackedKeys(member, fleet)]
  return {
    ...{ name, folder, status: statusOf(life), restarts },
    ...('process' in life && { pid: life.process.pid }),
    ...('since' in life && { since: life.since }),
    ...(lacks.length > 0 && { lacks }),
    ...(lastError !== undefined && { lastError }),
  }
}

function statusOf(life: Life): FleetWorker['status'] {
  switch (life.status) {
    case 'ending':
      return life.then === 'start' ? 'starting' : 'stopped'
    case 'parked':
      return 'stopped'
    default:
      return life.status
  }
}
