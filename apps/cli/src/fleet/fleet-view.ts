import type { Fleet as FleetView, FleetWorker } from '@subagent-mcp/api'
import { whyBlockedNow } from '../worker/worker-rows.js'
import type { Life, Member } from './member.js'
import { lackedKeys, membersOf, type Fleet } from './reduce-fleet.js'

/** The fleet as commands show it. Its workers keep their status in files below `home`. */
export function fleetView(fleet: Fleet, home: string): FleetView {
  return {
    ...(fleet.status === 'up' && { file: fleet.file }),
    workers: membersOf(fleet).map((member) => workerView(member, fleet, home)),
  }
}

function workerView(member: Member, fleet: Fleet, home: string): FleetWorker {
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
