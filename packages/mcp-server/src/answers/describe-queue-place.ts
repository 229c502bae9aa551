import type { QueuePosition } from '@subagent-mcp/core'
import { z } from 'zod'

/** The place of an agent or message in a queue, in structured content. Missing if nothing is queued. */
export const queuePlaceSchema = {
  position: z.number().describe('in the queue, from 1').exactOptional(),
  lack: z.string().describe('why the machine has no room yet').exactOptional(),
}

/** Describes the queue position of a turn that waits for room on the machine, with the lacking resource. */
export function describeQueuePlace({ position, lack }: QueuePosition): string {
  return `queued as number ${position}, starts by itself: ${lack}`
}
