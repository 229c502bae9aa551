import { makeFolder } from '@subagent-mcp/driver-kit'
import { parseJson } from '@subagent-mcp/contract'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { FleetMember, RestartLimit } from './member.js'
import { membersOf, type FleetState } from './reduce-fleet.js'

/** The daemon that has a fleet. */
export const FleetOwner = z.strictObject({
  pid: z.number(),
  startTime: z.string(),
  place: z.string(),
  version: z.string(),
})
export type FleetOwner = z.infer<typeof FleetOwner>

const FleetRecord = z.strictObject({
  owner: FleetOwner,
  /** Missing while what is there only ends. */
  file: z.string().exactOptional(),
  limit: RestartLimit,
  /** The names of those that the last `fleet up` had. */
  keys: z.array(z.string()).exactOptional(),
  members: z.array(FleetMember),
})

/** What a daemon leaves of a fleet that is up. Of an environment only the names of keys are in it. */
export type FleetRecord = z.infer<typeof FleetRecord>

/** Where it is kept. */
export function recordPath(home: string): string {
  return join(home, 'fleet.json')
}

/** Where its workers' files are. */
export function fleetFolder(home: string): string {
  return join(home, 'fleet')
}

/** `undefined` without one; `unreadable` for what is none, or of another version. Never throws. */
export function readRecord(path: string): FleetRecord | 'unreadable' | undefined {
  try {
    const read = FleetRecord.safeParse(parseJson(readFileSync(path, 'utf8')))
    return read.success ? read.data : 'unreadable'
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return isMissing ? undefined : 'unreadable'
  }
}

/** Keeps what there is of a fleet; nothing of one that is down. @throws what the system says */
export function writeRecord(path: string, fleet: FleetState, owner: FleetOwner): void {
  if (fleet.status === 'down') {
    rmSync(path, { force: true })
    return
  }
  const up =
    fleet.status === 'up'
      ? { file: fleet.file, limit: fleet.limit, keys: [...fleet.keys] }
      : { limit: noLimit }
  const record: FleetRecord = { owner, ...up, members: [...membersOf(fleet)] }
  makeFolder(dirname(path))
  writeFileSync(`${path}.new`, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

const noLimit: RestartLimit = { max: 0, withinMs: 0 }
