import type { Clock } from '@subagent-mcp/contract'
import type { Fact } from '@subagent-mcp/core'
import type { ServerResponse } from 'node:http'
import { encodeSse, heartbeat } from '../api/sse.js'
import type { DaemonPort } from './port.js'

/**
 * Which facts are asked for: those of one agent or all, and those after a number, or from now on. Who does not follow
 * gets what the journal has.
 */
export type FactQuery = { agentId: string | undefined; after: number | undefined; follow: boolean }

/** Facts that are read from the journal at once. */
const pageSize = 200
/** What may wait for a reader, in bytes. For one that is slower the stream goes back to the journal. */
const longestBacklog = 1024 * 1024
/** How long such a reader may take for its backlog before it is cut off, in milliseconds; then it can ask again. */
const patience = 30_000
/** How often a sign of life is sent, in milliseconds. */
const heartbeatEvery = 15_000

/**
 * Streams facts to one reader until either side hangs up: first from the journal, then as they happen. No durable
 * fact is lost or comes twice, since the numbers decide; live-only ones are left out while the reader is behind.
 */
export function streamFacts(
  { supervisor, history, log }: Pick<DaemonPort, 'supervisor' | 'history' | 'log'>,
  { agentId, after, follow }: FactQuery,
  response: ServerResponse,
): void {
  const { clock, subscribe } = supervisor
  let seen = Math.min(after ?? Infinity, history.lastSeq())
  let live = false

  const goOn = (): void => {
    live = false
    if (response.writableLength > longestBacklog) whenDrained(clock, response, tryToGoOn)
    else if (readPage()) goOn()
    else if (follow) live = true
    else response.end()
  }
  const tryToGoOn = (): void => {
    try {
      goOn()
    } catch (error) {
      log(`events: ${error instanceof Error ? error.message : String(error)}`)
      response.destroy()
    }
  }
  /** Whether there may be more. */
  const readPage = (): boolean => {
    const page = history.read({ after: seen, limit: pageSize, ...(agentId !== undefined && { agentId }) })
    for (const { seq, fact } of page) response.write(encodeFact(fact, seq))
    seen = page.at(-1)?.seq ?? seen
    return page.length === pageSize
  }
  const hear = (fact: Fact, seq: number | undefined): void => {
    if (!live || (seq !== undefined && seq <= seen)) return
    seen = seq ?? seen
    if (agentId === undefined || agentOf(fact) === agentId) response.write(encodeFact(fact, seq))
    if (response.writableLength > longestBacklog) goOn()
  }

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write(encodeSse({ id: String(seen), data: '' }))
  goOn()
  const cleanUps = [subscribe(hear), keepAlive(clock, response)]
  response.once('close', () => {
    for (const cleanUp of cleanUps) cleanUp()
  })
}

function encodeFact(fact: Fact, seq: number | undefined): string {
  const id = seq === undefined ? {} : { id: String(seq) }
  return encodeSse({ ...id, event: fact.type, data: JSON.stringify(fact) })
}

/** The agent that a fact is about. */
function agentOf(fact: Fact): string | undefined {
  if (fact.type === 'launch-requested') return fact.profile.id
  return 'agentId' in fact ? fact.agentId : undefined
}

/** Goes on when the reader has taken all that waits for it; hangs up on one that does not. */
function whenDrained({ after }: Clock, response: ServerResponse, goOn: () => void): void {
  const cancel = after(patience, () => response.destroy())
  response.once('close', cancel)
  response.once('drain', () => {
    cancel()
    response.off('close', cancel)
    goOn()
  })
}

function keepAlive({ after }: Clock, response: ServerResponse): () => void {
  let cancel = after(heartbeatEvery, beat)
  function beat(): void {
    response.write(heartbeat)
    cancel = after(heartbeatEvery, beat)
  }
  return () => {
    cancel()
  }
}
