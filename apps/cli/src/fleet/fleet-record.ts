import { makeFolder } from '@subagent-mcp/driver-kit'
import { parseJson } from '@subagent-mcp/contract'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { FleetMember, RestartLimit } from './member.js'
import { membersOf, type FleetState } from './reduce-fleet.js'

/** The daemon that runs a fleet. */
export const FleetOwner = z.strictObject({
  pid: z.number(),
  startTime: z.string(),
  place: z.string(),
  version: z.string(),
})
export type FleetOwner = z.infer<typeof FleetOwner>

const FleetRecord = z.strictObject({
  owner: FleetOwner,
  /** The path of the fleet file. Missing while the fleet is being stopped. */
  file: z.string().exactOptional(),
  limit: RestartLimit,
  /** The names of the API keys in the environment of the last `fleet up`. */
  keys: z.array(z.string()).exactOptional(),
  members: z.array(FleetMember),
})

/** The record of a running fleet, for the next daemon. It contains only names of API keys, and no values of variables. */
export type FleetRecord = z.infer<typeof FleetRecord>

/** The path of the fleet's record. */
export function recordPath(home: string): string {
  return join(home, 'fleet.json')
}

/** The folder of the files of the fleet's workers. */
export function fleetFolder(home: string): string {
  return join(home, 'fleet')
}

/**
 * Reads the record of a fleet: `undefined` if the file is missing, `unreadable` if it is invalid or of another version. Never
 * throws.
 */
export function readRecord(path: string): FleetRecord | 'unreadable' | undefined {
  try {
    const read = FleetRecord.safeParse(parseJson(readFileSync(path, 'utf8')))
    return read.success ? read.data : 'unreadable'
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return isMissing ? undefined : 'unreadable'
  }
}

/** Writes the record of a fleet; deletes it if the fleet is stopped. @throws errors of the file system */
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
