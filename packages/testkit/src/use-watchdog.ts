import { createWatchdog, type Watchdog } from '@subagent-mcp/driver-kit'
import { afterEach, beforeEach } from 'vitest'

/** Gives each test of a file a watchdog of its own, which is closed after the test. */
export function useWatchdog(): () => Watchdog {
  let watchdog: Watchdog
  beforeEach(() => {
    watchdog = createWatchdog()
  })
  afterEach(() => watchdog.close())
  return () => watchdog
}
