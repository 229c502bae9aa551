import type { McpToolContext } from './mcp-tool.js'

/** A blocking call is answered so many seconds before its host's time limit; for a short limit a sixth of the limit earlier. */
const margin = 10

/** The longest wait, in seconds: a day. */
export const maxWaitSeconds = 86_400

/** The time that a blocking call may take, in milliseconds. `cutBy`: the host's time limit in seconds, if it shortens the call. */
export type CallTimeLimit = { timeout: number; cutBy?: number }

/** Returns the time that a call may block: the requested time, but not longer than the host waits for an answer. */
export function limitCallTime(
  { callLimit }: Pick<McpToolContext, 'callLimit'>,
  seconds = maxWaitSeconds,
): CallTimeLimit {
  const most = callLimit - Math.min(margin, callLimit / 6)
  return seconds <= most ? { timeout: seconds * 1000 } : { timeout: most * 1000, cutBy: callLimit }
}

/** Runs a part of a call with a signal that also aborts shortly before the host's time limit. */
export async function runWithinCallTime<Result>(
  context: Pick<McpToolContext, 'callLimit' | 'signal' | 'supervisor'>,
  act: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const limit = new AbortController()
  const { timeout } = limitCallTime(context)
  const cancelTimer = context.supervisor.clock.after(timeout, () => {
    limit.abort()
  })
  try {
    return await act(AbortSignal.any([context.signal, limit.signal]))
  } finally {
    cancelTimer()
  }
}

/** Returns a note that a call ended because of the host's time limit. */
export function describeHostTimeLimit({ timeout, cutBy }: CallTimeLimit): string {
  if (cutBy === undefined) return 'timed out'
  return `ended after ${Math.round(timeout / 1000)} s, because this host gives a call up after ${cutBy} s`
}
