import { createWatchdog, type Watchdog } from '@subagent-mcp/driver-kit'
import { afterEach, beforeEach } from 'vitest'

/** Gives each test of the file a watchdog of its own, which ends with it. */
export function useWatchdog(): () => Watchdog {
  let watchdog: Watchdog
  beforeEach(() => {
    watchdog = createWatchdog()
  })
  afterEach(() => watchdog.close())
  return () => watchdog
}
