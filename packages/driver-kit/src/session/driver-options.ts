import { type Clock, type Driver, type SessionEventSink, systemClock } from '@subagent-mcp/contract'
import { createWatchdog, type Watchdog } from '../child/watchdog.js'

export type DriverOptions = {
  /** Kills the CLI's processes when this process dies. Default: a watchdog of the driver's own, which its `close` ends. */
  watchdog?: Watchdog
  clock?: Clock
  /** Limit for the CLI to get ready, and for its answer to each request. Default: one minute. */
  deadlineMs?: number
}

export type DriverSettings = Required<DriverOptions>

/** The owner of a session that is being opened: it receives the events, and can abort the opening. */
export type SessionOwner = { sink: SessionEventSink; signal: AbortSignal }

/** Fills in the defaults. `closing` has the `close` of a driver that owns its watchdog, and is empty for others. */
export function fillDriverSettings({
  watchdog: given,
  clock = systemClock,
  deadlineMs = 60_000,
}: DriverOptions): {
  settings: DriverSettings
  closing: Pick<Driver, 'close'>
} {
  const watchdog = given ?? createWatchdog()
  const closing = given === undefined ? { close: watchdog.close } : {}
  return { settings: { watchdog, clock, deadlineMs }, closing }
}
