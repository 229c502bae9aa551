import type { QueuePlace } from '@subagent-mcp/core'
import { z } from 'zod'

/** The place of an agent or message in a queue, in structured content. Missing if nothing is queued. */
export const queueShape = {
  position: z.number().describe('in the queue, from 1').exactOptional(),
  lack: z.string().describe('why the machine has no room yet').exactOptional(),
}

/** Describes the place of a queued turn: it starts when the machine has room. Names the resource that is lacking. */
export function describeQueuePlace({ position, lack }: QueuePlace): string {
  return `queued as number ${position}, starts by itself: ${lack}`
}
