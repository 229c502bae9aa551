import type { Fleet as FleetView, FleetWorker } from '@subagent-mcp/daemon'
import type { Life, Member } from './member.js'
import { membersOf, type Fleet } from './reduce-fleet.js'

/** What is shown of a fleet. */
export function fleetView(fleet: Fleet): FleetView {
  return { ...(fleet.status === 'up' && { file: fleet.file }), workers: membersOf(fleet).map(workerView) }
}

function workerView({ entry, life, restarts, lastError }: Member): FleetWorker {
  const { name, folder } = entry
  return {
    ...{ name, folder, status: statusOf(life), restarts },
    ...('process' in life && { pid: life.process.pid }),
    ...('since' in life && { since: life.since }),
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
