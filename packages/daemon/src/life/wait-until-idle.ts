import type { Clock } from '@subagent-mcp/contract'

/** The connections and busy agents that keep an idle daemon from exiting. */
export type DaemonActivity = {
  isBusy(): boolean
  connections(): number
  onChange(listener: () => void): () => void
}

/** Resolves once the daemon has had no work for `limit` milliseconds; never after `stop`. */
export function waitUntilIdle(
  work: DaemonActivity,
  limit: number,
  clock: Clock,
): { idle: Promise<void>; stop(): void } {
  let quietSince = clock.now()
  let cancel = (): void => undefined
  const stopListening = work.onChange(() => {
    quietSince = clock.now()
  })
  const idle = new Promise<void>((resolve) => {
    const look = (): void => {
      if (work.isBusy() || work.connections() > 0) quietSince = clock.now()
      const left = quietSince + limit - clock.now()
      if (left <= 0) resolve()
      else cancel = clock.after(Math.min(left, lookEvery), look)
    }
    look()
  })
  return {
    idle,
    stop: () => {
      stopListening()
      cancel()
    },
  }
}

/** Milliseconds between two checks of `isBusy`, because nothing reports its changes. */
const lookEvery = 60_000
