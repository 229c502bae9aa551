import type { JSONRPCMessage, RequestId, Transport } from '@modelcontextprotocol/server'
import type { Clock } from '@subagent-mcp/contract'
import type { Readable, Writable } from 'node:stream'
import { createClientLimits, type ClientLimits } from './client-limits.js'
import { readLinesInTurns } from './read-lines-in-turns.js'
import { parseJsonRpcLine, refuseMessage, type ParsedMessage, type RefusedMessage } from './read-message.js'
import { trackUnansweredRequests, type UnansweredRequests } from './unanswered-requests.js'
import type { JsonRpcHead } from './json-rpc-heads.js'
import { maxLineBytes } from './byte-line-splitter.js'

export type LineTransportOptions = {
  input: Readable
  output: Writable
  clock: Clock
  /** Called when input is refused or dropped; the connection continues. */
  onProblem(error: Error): void
  /** Closes the connection of a client that exceeds its limits. Default: the transport only stops reading from such a client. */
  hangUp?: ((reason: string) => void) | undefined
}

/**
 * An MCP transport over two streams with one message per line. It answers an invalid message with a JSON-RPC error, and stops reading from
 * a client that does not read its answers. The SDK's own transport drops invalid messages, and needs quadratic time for unread answers.
 */
export function createLineTransport(options: LineTransportOptions): Transport {
  const { input, output, onProblem } = options
  const limits = createClientLimits(options)
  const requests = trackUnansweredRequests()
  const write = lineWriter(options, limits)
  let takesBatches = false
  let isClosed = false

  const reader = readMessagesOf(options, {
    ...{ limits, requests, write },
    takesBatches: () => takesBatches,
    onMessage: (message) => transport.onmessage?.(message),
  })
  const close = (): Promise<void> => {
    if (isClosed) return Promise.resolve()
    isClosed = true
    reader.stop()
    limits.stop()
    input.off('end', end).off('close', end).off('error', onProblem)
    // The listener for errors of the output is not removed, because a late error without a listener would end the process.
    transport.onclose?.()
    return Promise.resolve()
  }
  const end = (): void => {
    void close()
  }
  const transport: Transport = {
    start: () => {
      input.on('error', onProblem).once('end', end).once('close', end)
      output.on('error', end)
      if (input.readableEnded || input.destroyed) setImmediate(end)
      else reader.start()
      return Promise.resolve()
    },
    send: (message) => {
      if (isClosed) return Promise.reject(new Error('the connection is closed'))
      requests.end(message)
      takesBatches ||= isBatchRevision(message)
      // A progress message can be dropped, because the next one has newer numbers.
      if (!(isProgress(message) && output.writableNeedDrain)) write(message)
      return Promise.resolve()
    },
    close,
  }
  return transport
}

type Parts = {
  limits: ClientLimits
  requests: UnansweredRequests
  write(message: object): void
  takesBatches(): boolean
  onMessage(message: JSONRPCMessage): void
}

/** Reads the MCP messages of a client, and answers invalid lines with errors. */
function readMessagesOf(
  { input, output, onProblem }: LineTransportOptions,
  { limits, requests, write, takesBatches, onMessage }: Parts,
): ReturnType<typeof readLinesInTurns> {
  const refuse = ({ problem, answer }: RefusedMessage): void => {
    onProblem(new Error(problem))
    if (answer) write(answer)
  }
  return readLinesInTurns<ParsedMessage>({
    ...{ input, output, limits },
    itemsIn: (line) => (isBlank(line) ? [] : parseJsonRpcLine(line.toString(), takesBatches())),
    act: (read) => {
      const refusal = read.type === 'refused' ? read : requests.begin(read.message)
      if (refusal) refuse(refusal)
      else if (read.type === 'message') onMessage(read.message)
    },
    onTooLong: (line) => {
      refuseLine(line).forEach(refuse)
    },
  })
}

/** Returns the function that writes MCP messages; it drops them once the output has ended or too much of it is unread. */
function lineWriter(
  { output }: Pick<LineTransportOptions, 'output'>,
  limits: ClientLimits,
): (message: object) => void {
  return (message) => {
    if (output.destroyed || limits.isOverBacklog()) return
    const line = Buffer.from(`${JSON.stringify(message)}\n`)
    output.write(line)
    limits.watchOutput(line.length)
  }
}

function isBlank(line: Buffer): boolean {
  return line.length === 0 || (line.length === 1 && line[0] === carriageReturn)
}

const carriageReturn = 13

/** Returns the error answers to a line that is too long: one for each request in the line, or a single one without an id if it has none. */
function refuseLine({
  size,
  heads,
}: {
  size: number
  heads: readonly JsonRpcHead[]
}): readonly RefusedMessage[] {
  const problem = `left out a line of ${size} bytes: at most ${maxLineBytes}`
  const ids = heads.flatMap(({ id, method }) =>
    id === undefined || method === undefined ? [] : [readId(id)],
  )
  const known = ids.filter((id) => id !== null)
  return (known.length > 0 ? known : [null]).map((id) => refuseMessage(id, 'invalidRequest', problem))
}

function readId(text: string): RequestId | null {
  const id: unknown = JSON.parse(text)
  return typeof id === 'string' || typeof id === 'number' ? id : null
}

function isProgress(message: JSONRPCMessage): boolean {
  return 'method' in message && message.method === 'notifications/progress'
}

/** Whether an answer to `initialize` agrees on protocol revision 2025-03-26, the only one with batches. */
function isBatchRevision(message: JSONRPCMessage): boolean {
  return 'result' in message && message.result['protocolVersion'] === '2025-03-26'
}
