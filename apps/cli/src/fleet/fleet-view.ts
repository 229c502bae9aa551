import type { Fleet as FleetView, FleetWorker } from '@subagent-mcp/daemon'
import { whyBlockedNow } from '../worker/worker-rows.js'
import type { Life, Member } from './member.js'
import { membersOf, type Fleet } from './reduce-fleet.js'

/** What is shown of a fleet. In `home` its workers tell what they are at. */
export function fleetView(fleet: Fleet, home: string): FleetView {
  const workers = membersOf(fleet).map((member) => workerView(member, home))
  return { ...(fleet.status === 'up' && { file: fleet.file }), workers }
}

function workerView({ entry, life, restarts, lastError }: Member, home: string): FleetWorker {
  const { name, folder } = entry
  const pid = 'process' in life ? life.process.pid : undefined
  const block = life.status === 'running' ? whyBlockedNow(home, { name, pid: life.process.pid }) : undefined
  const problem = block ?? lastError
  return {
    ...{ name, folder, status: block === undefined ? statusOf(life) : 'blocked', restarts },
    ...(pid !== undefined && { pid }),
    ...('since' in life && { since: life.since }),
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
