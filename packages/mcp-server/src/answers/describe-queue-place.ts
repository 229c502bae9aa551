import type { QueuePlace } from '@subagent-mcp/core'
import { z } from 'zod'

/** The place of an agent or a message in a queue, in structured content; missing where nothing is queued. */
export const queueShape = {
  position: z.number().describe('in the queue, from 1').exactOptional(),
  lack: z.string().describe('why the machine has no room yet').exactOptional(),
}

/** Says that a queued turn starts when the machine has room, and what is lacking. */
export function describeQueuePlace({ position, lack }: QueuePlace): string {
  return `queued as number ${position}, starts by itself: ${lack}`
}
