import type { Waiting } from '@subagent-mcp/core'

/** That something begins by itself once the machine has room, and why not yet. */
export function describeWaiting({ position, lack }: Waiting): string {
  return `queued as number ${position}, starts by itself: ${lack}`
}
