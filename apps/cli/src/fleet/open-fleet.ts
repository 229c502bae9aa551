import { SubagentError } from '@subagent-mcp/contract'
import type { WorkerFleet } from '@subagent-mcp/daemon'
import { isOwnerProcessAlive } from '@subagent-mcp/driver-kit'
import { resolve } from 'node:path'
import { userHome } from '@subagent-mcp/definitions'
import { otherVersionCommand } from '../releases/server-command.js'
import { findStarted } from './find-started.js'
import { readFleetFile } from './fleet-file.js'
import { fleetFolder, readRecord, recordPath, type FleetOwner } from './fleet-record.js'
import { fleetView } from './fleet-view.js'
import { holdFleet, type FleetHolder, type FleetParts } from './hold-fleet.js'
import { membersOf } from './reduce-fleet.js'

/** Opens the fleet of a daemon. No worker is started or taken over before a method is called. */
export function openFleet(parts: FleetParts): WorkerFleet {
  const holder = holdFleet(parts)
  let isClosed = false
  return {
    begin: () => {
      try {
        takeOver(holder, parts)
      } catch (error) {
        parts.log(`no fleet: ${error instanceof Error ? error.message : String(error)}`)
      }
    },
    isUp: () => holder.fleet().status !== 'down',
    view: () => {
      takeOver(holder, parts)
      return fleetView(holder.fleet(), parts.home)
    },
    up: async ({ file: name, cwd, environment }) => {
      const file = resolve(cwd, name)
      const plan = readFleetFile(file, userHome(environment ?? parts.environment))
      takeOver(holder, parts)
      await holder.until(({ status }) => status !== 'going-down')
      if (isClosed) throw stopping()
      const fleet = holder.fleet()
      if (fleet.status === 'up' && fleet.file !== file) throw ofAnotherFile(fleet.file)
      const keys = holder.setEnvironment(environment)
      holder.dispatch({ type: 'up-ordered', file, keys, ...plan })
      return fleetView(holder.fleet(), parts.home)
    },
    down: async () => {
      takeOver(holder, parts)
      const names = membersOf(holder.fleet()).map(({ entry }) => entry.name)
      holder.dispatch({ type: 'down-ordered' })
      holder.setEnvironment()
      await holder.until(({ status }) => status !== 'going-down')
      return names
    },
    close: async () => {
      isClosed = true
      holder.hurry()
      holder.dispatch({ type: 'daemon-stopping' })
      await holder.until((fleet) => !membersOf(fleet).some(({ life }) => life.status === 'ending'))
      holder.letGo()
    },
  }
}

/** Takes over the fleet of a dead daemon, if it had one. @throws SubagentError if another running daemon has a fleet */
function takeOver(holder: FleetHolder, { home, owner, clock, log }: FleetParts): void {
  const record = holder.fleet().status === 'down' ? readRecord(recordPath(home)) : undefined
  if (record === undefined) return
  if (record === 'unreadable') {
    log(`${recordPath(home)} cannot be read, so workers of an earlier daemon are not taken over`)
    return
  }
  if (isOthers(record.owner, owner)) throw ofAnother(record.owner)
  const { file, limit, keys = [] } = record
  const isHere = record.owner.place === owner.place
  const found = { folder: fleetFolder(home), at: clock.now() }
  const members = isHere ? record.members.map((member) => findStarted(member, found)) : record.members
  holder.dispatch({ type: 'fleet-found', file: file ?? '', limit, keys, members, isHere })
  // The fleet was being stopped when its daemon ended.
  if (file === undefined) holder.dispatch({ type: 'down-ordered' })
  else log(`goes on with the fleet of ${file}`)
}

function isOthers(owner: FleetOwner, self: FleetOwner): boolean {
  const isOurs = owner.pid === self.pid && owner.startTime === self.startTime && owner.place === self.place
  return !isOurs && isOwnerProcessAlive(owner)
}

function ofAnother({ pid, version }: FleetOwner): SubagentError {
  return new SubagentError('already-running', `daemon ${pid} of version ${version} has the fleet`, {
    hint: otherVersionCommand(version, 'fleet down'),
  })
}

function ofAnotherFile(file: string): SubagentError {
  return new SubagentError('already-running', `the fleet of ${file} is up`, {
    hint: 'subagent-mcp fleet down, then up; or put all workers into one file',
  })
}

function stopping(): SubagentError {
  return new SubagentError('at-capacity', 'the daemon is stopping', { hint: 'run it again' })
}
