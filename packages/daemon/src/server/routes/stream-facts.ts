import { getFactAgentId } from '@subagent-mcp/core'
import { type Fact } from '@subagent-mcp/core'
import type { EventStream } from '../http/event-stream.js'
import type { DaemonPort } from '../daemon-port.js'
import { encodeServerSentEvent } from '../http/server-sent-event.js'

/**
 * The facts that a client requests: of one agent or all, after a number or only new ones. Without `follow` the stream ends after
 * the stored facts.
 */
export type FactStreamQuery = { agentId: string | undefined; after: number | undefined; follow: boolean }

/** The number of facts in one read of the journal. */
const pageSize = 200

/** An open stream, with the signal that aborts when the reader closes it. */
export type OpenFactStream = { stream: EventStream; signal: AbortSignal }

/**
 * Streams facts to one reader until either side closes the stream: first stored facts from the journal, then new facts. Stored facts
 * are numbered, so none is lost or repeated. Facts that are not stored are left out while the reader is behind.
 */
export function streamFacts(
  { supervisor, history, log }: Pick<DaemonPort, 'supervisor' | 'history' | 'log'>,
  { agentId, after, follow }: FactStreamQuery,
  { stream, signal }: OpenFactStream,
): void {
  let seen = Math.min(after ?? Infinity, history.lastSeq())
  let live = false

  /** Streams the journal to its end, or until the reader is behind. */
  const goOn = (): void => {
    live = false
    try {
      let more = true
      while (more && !stream.isFull()) more = readPage()
      if (more) stream.whenDrained(goOn)
      else if (follow) live = true
      else stream.end()
    } catch (error) {
      log(`events: ${error instanceof Error ? error.message : String(error)}`)
      stream.hangUp()
    }
  }
  /** Sends one page of the journal. Returns whether there may be more. */
  const readPage = (): boolean => {
    const page = { after: seen, limit: pageSize, ...(agentId !== undefined && { agentId }) }
    const { facts, next } = history.read(page)
    for (const { seq, fact } of facts) stream.write(encodeFact(fact, seq))
    seen = next ?? facts.at(-1)?.seq ?? seen
    return next !== undefined
  }
  const hear = (fact: Fact, seq: number | undefined): void => {
    if (!live || (seq !== undefined && seq <= seen)) return
    // A gap in the numbers is harmless: those facts belong to other processes with this journal, or to joined pieces of text.
    seen = seq ?? seen
    if (agentId === undefined || getFactAgentId(fact) === agentId) stream.write(encodeFact(fact, seq))
    if (stream.isFull()) goOn()
  }

  // Tells the reader from which number to continue if the stream breaks before the first fact. Parsers skip events without data.
  stream.write(encodeServerSentEvent({ id: String(seen), event: 'position', data: '{}' }))
  goOn()
  if (follow) signal.addEventListener('abort', supervisor.subscribe(hear), { once: true })
}

/** Encodes a fact once for all readers that get the same object. */
function encodeFact(fact: Fact, seq: number | undefined): string {
  const known = encoded.get(fact)
  if (known !== undefined) return known
  const id = seq === undefined ? {} : { id: String(seq) }
  const text = encodeServerSentEvent({ ...id, event: fact.type, data: JSON.stringify(fact) })
  encoded.set(fact, text)
  return text
}

const encoded = new WeakMap<Fact, string>()
