import { api, ChangedAgents, StreamedFact } from '@subagent-mcp/api'
import { createParser } from 'eventsource-parser'
import { openRequest } from './request-api.js'

/** What one piece of the event stream brought. `isFirst`: the stream has just begun. */
export type LiveBatch = {
  isFirst: boolean
  changes: ChangedAgents[]
  facts: { seq?: number; fact: StreamedFact }[]
}

/** The stream to open: the facts of one agent after a number, besides the changes of all agents. */
export type LiveQuery = { agent?: string; after?: number; signal: AbortSignal }

/** Yields the events of the daemon as they arrive, all of one piece together, so that a page draws once for them. */
export async function* liveBatches(
  token: string,
  { signal, ...query }: LiveQuery,
): AsyncGenerator<LiveBatch, void> {
  const response = await openRequest(token, api.pageEvents, { query, signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let batch = emptyBatch()
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      const value: unknown = JSON.parse(data)
      if (event === 'position') batch.isFirst = true
      else if (event === 'agents') batch.changes.push(ChangedAgents.parse(value))
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

function emptyBatch(): LiveBatch {
  return { isFirst: false, changes: [], facts: [] }
}
