import { SubagentError } from '@subagent-mcp/contract'
import { dirname } from 'node:path'
import { giveStartFileBack, takeStartFile } from '../daemon/start-file.js'
import { makeFolder } from '@subagent-mcp/driver-kit'

/** Does what takes milliseconds while no other process does the like. @throws SubagentError `io-failed` */
export function withLock<Result>(path: string, work: () => Result): Result {
  makeFolder(dirname(path))
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (takeStartFile(path)) {
      try {
        return work()
      } finally {
        giveStartFileBack(path)
      }
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lookMs)
  }
  throw new SubagentError('io-failed', `others keep ${path}`, { hint: 'run it again' })
}

const lookMs = 10

/** Ten seconds, and a disk may be slow. */
const mostTries = 1_000
