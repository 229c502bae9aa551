import type { QueuePlace } from '@subagent-mcp/core'

/** Says that a queued turn starts when the machine has room, and what is lacking. */
export function describeQueuePlace({ position, lack }: QueuePlace): string {
  return `queued as number ${position}, starts by itself: ${lack}`
}
