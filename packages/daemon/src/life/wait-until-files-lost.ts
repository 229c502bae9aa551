import { repeatAligned, type Clock } from '@subagent-mcp/contract'
import { statSync } from 'node:fs'
import type { DaemonStopRequest } from './stop-requests.js'

/** The journal and the socket, without which a daemon cannot serve. */
export type DaemonFiles = {
  /**
   * Returns the problem with the journal's file, such as its removal; `undefined` without a problem. Throws if the file cannot be
   * examined.
   */
  trouble(): string | undefined
  /** The path of the socket on which the daemon listens. Once the socket is removed, no client can find the daemon. */
  socketPath: string
}

/**
 * Resolves when the daemon's files are removed, replaced or repeatedly unreadable, because further data would be lost. Never resolves
 * after `stop`.
 */
export function waitUntilFilesLost(
  ground: DaemonFiles,
  clock: Clock,
): { lost: Promise<DaemonStopRequest>; stop(): void } {
  const find = thirdFailure([ground.trouble, watchSocket(ground.socketPath)])
  let stop = (): void => undefined
  const lost = new Promise<DaemonStopRequest>((resolve) => {
    const look = (): void => {
      const trouble = find()
      if (trouble === undefined) return
      stop()
      resolve({ by: 'loss', reason: `${trouble}: what it takes from now on could not be kept`, drain: false })
    }
    stop = repeatAligned(clock, everyMs, look)
    look()
  })
  return { lost, stop }
}

const everyMs = 1_000

/**
 * Returns a check that reports the first problem that one of the checks finds. A check that throws counts as a problem from its
 * third failure in a row on, because a slow disk recovers.
 */
function thirdFailure(looks: readonly (() => string | undefined)[]): () => string | undefined {
  let failures = 0
  return () => {
    try {
      const [trouble] = looks.flatMap((look) => look() ?? [])
      failures = 0
      return trouble
    } catch (cause) {
      failures += 1
      return failures < 3 ? undefined : cause instanceof Error ? cause.message : String(cause)
    }
  }
}

/** Returns a check that reports when a socket was removed or replaced since the first check. */
function watchSocket(path: string): () => string | undefined {
  let before: number | undefined
  return () => {
    const now = inodeOf(path)
    before ??= now
    if (now === before) return undefined
    return now === undefined ? `${path} is gone` : `${path} was replaced`
  }
}

/** Returns the inode of a file; `undefined` for a missing file and for named pipes of Windows. */
function inodeOf(path: string): number | undefined {
  return process.platform === 'win32' ? undefined : statSync(path, { throwIfNoEntry: false })?.ino
}
