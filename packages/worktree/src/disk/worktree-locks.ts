import { SubagentError } from '@subagent-mcp/contract'
import {
  readLockHolderPid,
  createFolderWithParents,
  releaseLockFile,
  takeLockFile,
} from '@subagent-mcp/driver-kit'
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** Runs work on something that one caller at a time may use, also of other processes. */
export type WorktreeLocks = {
  /**
   * Waits until no other caller works on the subject: the id of a worktree or the path of a checkout.
   * @throws SubagentError `already-running` when another process works on it for minutes
   */
  run<Result>(subject: string, work: () => Promise<Result>): Promise<Result>
}

/** How long another process is waited for, in milliseconds. */
const patienceMs = 120_000

const retryMs = 25

export function createWorktreeLocks(folder: string): WorktreeLocks {
  const ends = new Map<string, Promise<unknown>>()
  const alone = async <Result>(subject: string, work: () => Promise<Result>): Promise<Result> => {
    const path = join(folder, `.lock.${createHash('sha256').update(subject).digest('hex').slice(0, 16)}`)
    createFolderWithParents(folder)
    // An earlier process had the same id, as in a container.
    if (readLockHolderPid(path) === process.pid) rmSync(path, { force: true })
    for (let waited = 0; !takeLockFile(path, Infinity); waited += retryMs) {
      if (waited >= patienceMs) throw busy(subject, readLockHolderPid(path))
      await pause(retryMs)
    }
    try {
      return await work()
    } finally {
      releaseLockFile(path)
    }
  }
  return {
    run: (subject, work) => {
      const end = (ends.get(subject) ?? Promise.resolve()).then(() => alone(subject, work))
      const settled = end
        .catch(() => undefined)
        .then(() => {
          if (ends.get(subject) === settled) ends.delete(subject)
        })
      ends.set(subject, settled)
      return end
    },
  }
}

function busy(subject: string, holder: number | undefined): SubagentError {
  return new SubagentError('already-running', `process ${holder ?? '?'} works on ${subject} already`, {
    hint: 'try it again',
  })
}
