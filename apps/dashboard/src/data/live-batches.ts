import { daemonApi, StreamedFact, type ChangedAgentsEvent } from '@subagent-mcp/api'
import { createParser } from 'eventsource-parser'
import { z } from 'zod'
import { openRequest } from './request-api.js'

/** The events in one piece of the daemon's event stream. `isFirst`: the stream has just begun. */
export type EventBatch = {
  isFirst: boolean
  changes: ChangedAgentsEvent[]
  facts: { seq?: number; fact: StreamedFact }[]
}

/** The event stream to open: the facts of one agent after a number, besides the changes of all agents. */
export type EventStreamQuery = { agent?: string; after?: number; signal: AbortSignal }

/** Yields the events of the daemon as they arrive, all of one piece together, so that a page draws once for them. */
export async function* streamEventBatches(
  token: string,
  { signal, ...query }: EventStreamQuery,
): AsyncGenerator<EventBatch, void> {
  const response = await openRequest(token, daemonApi.pageEvents, { query, signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let batch = emptyBatch()
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      const value: unknown = JSON.parse(data)
      if (event === 'position') batch.isFirst = true
      else if (event === 'agents') batch.changes.push(Changes.parse(value))
      else batch.facts.push({ ...(id !== undefined && { seq: Number(id) }), fact: StreamedFact.parse(value) })
    },
  })
  for (;;) {
    const piece = await reader?.read()
    if (!piece || piece.done) return
    parser.feed(piece.value)
    yield batch
    batch = emptyBatch()
  }
}

/** The changes of agents in an event. The daemon has served this page too, so their fields are not checked: a check takes longer than drawing them. */
const Changes = z.custom<ChangedAgentsEvent>(
  (value) => typeof value === 'object' && value !== null && 'agents' in value && 'gone' in value,
)

/**
 * Returns a function that takes batches of events, and passes on those of each `pause` (milliseconds) as one. The first batch of a stream
 * is passed on immediately.
 */
export function throttleEventBatches(
  take: (batch: EventBatch) => void,
  pause: number,
): (batch: EventBatch) => void {
  let held: EventBatch | undefined
  return (batch) => {
    if (batch.isFirst) take(batch)
    else if (held) {
      held.changes.push(...batch.changes)
      held.facts.push(...batch.facts)
    } else {
      held = batch
      setTimeout(() => {
        if (held) take(held)
        held = undefined
      }, pause)
    }
  }
}

function emptyBatch(): EventBatch {
  return { isFirst: false, changes: [], facts: [] }
}
