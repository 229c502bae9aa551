import { makeFolder, pidExists } from '@subagent-mcp/driver-kit'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isObject } from './is-object.js'
import { replaceText } from './replace-text.js'

// Two small files bound the turns that nobody typed: the daemon's with the limit, and the hooks' with the turns of each session.

/**
 * Writes how many turns in a row a session may have that no person typed, for hooks to read; `undefined` removes the file,
 * because hook lines test in the shell whether it exists: it does while agents run or have unread reports.
 * @throws the system's error
 */
export function writeWakeLimit(stateFolder: string, maxTurns: number | undefined): void {
  const path = limitPath(stateFolder)
  if (maxTurns === undefined) {
    rmSync(path, { force: true })
    return
  }
  makeFolder(stateFolder)
  replaceText(path, `${JSON.stringify({ version: 1, maxTurns })}\n`)
}

/** A host session, and the id of its host's process. */
export type WokenSession = { session: string; process: number }

/** Whether a session may have another turn that no person typed. Without a readable limit it may not. */
export function mayWake(stateFolder: string, session: string): boolean {
  const limit = read(limitPath(stateFolder))?.['maxTurns']
  return typeof limit === 'number' && (readTurns(stateFolder).get(session)?.turns ?? 0) < limit
}

/** Counts a turn of a session that no person typed. @throws the system's error */
export function countWake(stateFolder: string, { session, process }: WokenSession): void {
  const all = readTurns(stateFolder)
  const turns = (all.get(session)?.turns ?? 0) + 1
  writeTurns(stateFolder, new Map([...all, [session, { turns, process }]]))
}

/** Forgets the turns of a session, because a person typed a prompt, and those of hosts that have exited. @throws the system's error */
export function forgetWakes(stateFolder: string, session: string): void {
  const all = readTurns(stateFolder)
  const others = [...all].filter(([id, { process: pid }]) => id !== session && pidExists(pid))
  if (others.length < all.size) writeTurns(stateFolder, new Map(others))
}

type Turns = { turns: number; process: number }

function limitPath(stateFolder: string): string {
  return join(stateFolder, 'wakes.json')
}

/** It lies beside the notices of sessions, and exists while a session has such turns: a hook line tests for it. */
function turnsPath(stateFolder: string): string {
  return join(stateFolder, 'told', 'woken.json')
}

function readTurns(stateFolder: string): ReadonlyMap<string, Turns> {
  const sessions = read(turnsPath(stateFolder))?.['sessions']
  return new Map(isObject(sessions) ? Object.entries(sessions).filter(isEntry) : [])
}

function isEntry(entry: [string, unknown]): entry is [string, Turns] {
  const [, value] = entry
  return isObject(value) && Number.isInteger(value['turns']) && Number.isInteger(value['process'])
}

function writeTurns(stateFolder: string, sessions: ReadonlyMap<string, Turns>): void {
  const path = turnsPath(stateFolder)
  if (sessions.size === 0) {
    rmSync(path, { force: true })
    return
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  replaceText(path, `${JSON.stringify({ version: 1, sessions: Object.fromEntries(sessions) })}\n`)
}

function read(path: string): Record<string, unknown> | undefined {
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isObject(file) && file['version'] === 1 ? file : undefined
  } catch {
    // A host must not fail because of this file; results then wait for the next prompt.
    return undefined
  }
}
