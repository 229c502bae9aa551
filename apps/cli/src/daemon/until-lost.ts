import type { Clock } from '@subagent-mcp/contract'
import { statSync } from 'node:fs'
import type { Stop } from './stop-signals.js'

/** What a daemon stands on, and cannot serve without. */
export type Ground = {
  /** What has become of the journal, if it is not as it was; see `Journal`. */
  trouble(): string | undefined
  /** The socket that it listens on, which nobody finds when it is gone. */
  socketPath: string
}

/** Resolves once the files of the daemon are gone or replaced: what it acknowledges then would be lost. Never after `stop`. */
export function untilLost(ground: Ground, clock: Clock): { lost: Promise<Stop>; stop(): void } {
  const socket = inodeOf(ground.socketPath)
  let cancel = (): void => undefined
  const lost = new Promise<Stop>((resolve) => {
    const look = (): void => {
      const trouble = ground.trouble() ?? socketTrouble(ground.socketPath, socket)
      if (trouble === undefined) cancel = clock.after(everyMs, look)
      else
        resolve({
          by: 'loss',
          reason: `${trouble}: what it takes from now on could not be kept`,
          drain: false,
        })
    }
    look()
  })
  return {
    lost,
    stop: () => {
      cancel()
    },
  }
}

const everyMs = 1_000

function socketTrouble(path: string, before: number | undefined): string | undefined {
  const now = inodeOf(path)
  if (now === before) return undefined
  return now === undefined ? `${path} is gone` : `${path} was replaced`
}

/** Pipes of Windows have none. */
function inodeOf(path: string): number | undefined {
  return process.platform === 'win32' ? undefined : statSync(path, { throwIfNoEntry: false })?.ino
}
