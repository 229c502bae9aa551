import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'

/** No start takes longer: its file was left behind, whoever has its pid now. */
const oldAfterMs = 30_000

/**
 * Whether it is us who may start the daemon now, or do what else takes no longer than `oldAfter` milliseconds: one
 * process at a time. Left behind by a dead one, it is taken over.
 */
export function takeStartFile(path: string, oldAfter = oldAfterMs): boolean {
  if (isAbandoned(path, oldAfter)) rmSync(path, { force: true })
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    // On a full disk it was made and not written.
    rmSync(path, { force: true })
    throw error
  }
}

/** Lets others start it. */
export function giveStartFileBack(path: string): void {
  if (readHolder(path) === process.pid) rmSync(path, { force: true })
}

function isAbandoned(path: string, oldAfter: number): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return false
  return Math.abs(Date.now() - stats.mtimeMs) > oldAfter || !isAlive(readHolder(path))
}

/** The pid of who has it; `undefined` when it is gone, or being written: between its making and its content there is a moment. */
export function readHolder(path: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined
  } catch {
    return undefined // its holder gave it back in this moment
  }
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}
