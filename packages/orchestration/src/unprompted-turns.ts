import { pidExists } from '@subagent-mcp/driver-kit'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readHookFile, writeHookFile } from './hook-file.js'

// The daemon's file has the limit of turns that nobody typed. A file for each session, to which hooks append, has its turns.

/**
 * Writes how many turns in a row a session may have that no person typed, for hooks to read; `undefined` removes the file,
 * because hook lines test in the shell whether it exists: it does while agents run or have unread reports.
 * @throws the system's error
 */
export function writeUnpromptedTurnLimit(stateFolder: string, maxTurns: number | undefined): void {
  writeHookFile(stateFolder, limitFile, maxTurns === undefined ? undefined : { maxTurns })
}

export type HostSessionProcess = { session: string; process: number }

/** Whether a session may have another turn that no person typed. Without a readable limit it may not. */
export function mayStartUnpromptedTurn(stateFolder: string, session: string): boolean {
  const limit = readUnpromptedTurnLimit(stateFolder)
  const turns = readTurns(stateFolder).find((known) => known.session === session)
  return limit !== undefined && (turns?.count ?? 0) < limit
}

/** The number of turns that no person typed, in the session of the host that is one of these processes. */
export function countUnpromptedTurns(stateFolder: string, processes: readonly number[]): number {
  const counts = readTurns(stateFolder).map(({ process, count }) => (processes.includes(process) ? count : 0))
  return Math.max(0, ...counts)
}

/** Makes the hook of the next prompt run, because a turn that it is to count may begin. @throws the system's error */
export function expectUnpromptedTurn(stateFolder: string): void {
  mkdirSync(turnsFolder(stateFolder), { recursive: true, mode: 0o700 })
}

/**
 * Counts a turn of a session that no person typed. Turns that two hooks count in the same moment both count. A session with a
 * name unsafe for a file has no counts. @throws the system's error
 */
export function recordUnpromptedTurn(stateFolder: string, { session, process }: HostSessionProcess): void {
  if (!sessionName.test(session)) return
  for (let failures = 0; ; failures += 1) {
    expectUnpromptedTurn(stateFolder)
    try {
      appendFileSync(join(turnsFolder(stateFolder), session), `${process}\n`, { mode: 0o600 })
      return
    } catch (error) {
      // Another hook has removed the empty folder.
      if (!isMissing(error) || failures >= 5) throw error
    }
  }
}

/**
 * Forgets the turns of a host, because a person typed a prompt: those of the session, and those before it in the same process.
 * Also forgets those of hosts that have exited. @throws the system's error
 */
export function forgetUnpromptedTurns(stateFolder: string, typed: HostSessionProcess): void {
  const folder = turnsFolder(stateFolder)
  for (const { session, process } of readTurns(stateFolder)) {
    const isOver = session === typed.session || process === typed.process || !pidExists(process)
    if (isOver) rmSync(join(folder, session), { force: true })
  }
  try {
    rmdirSync(folder)
  } catch {
    // The folder is missing, or has the turns of other sessions.
  }
}

type Turns = { session: string; process: number; count: number }

const sessionName = /^[\w-]{1,100}$/

const limitFile = 'wakes.json'

/** The folder with a file for each session that has turns which no person typed. It exists while a session has such turns or may get one: a hook line tests for the folder. */
function turnsFolder(stateFolder: string): string {
  return join(stateFolder, 'told', 'woken')
}

/** Reads the turns of all sessions; those that cannot be read count as none. */
function readTurns(stateFolder: string): readonly Turns[] {
  const folder = turnsFolder(stateFolder)
  try {
    return readdirSync(folder).map((session) => {
      const lines = readFileSync(join(folder, session), 'utf8').trim().split('\n')
      return { session, process: Number(lines.at(-1)), count: lines.length }
    })
  } catch {
    // A host must not fail because of these files.
    return []
  }
}

/** The limit of turns that no person typed. Undefined while no agent runs or has unread reports. Never throws. */
export function readUnpromptedTurnLimit(stateFolder: string): number | undefined {
  const limit = readHookFile(stateFolder, limitFile)?.['maxTurns']
  return typeof limit === 'number' ? limit : undefined
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
