import type { JsonRpcLine } from './json-rpc-line-filter.js'

/** Tracks the unanswered requests between a host and its daemon, so that they can be settled when the daemon ends. */
export type PendingHostRequests = {
  sent(line: JsonRpcLine): void
  answered(line: JsonRpcLine): void
  /**
   * Whether a line of an ending daemon only reports the end of the host's subscription. The next daemon gets the subscription request
   * again.
   */
  endsSubscription(line: JsonRpcLine): boolean
  /** Handles the end of the daemon: returns messages for the host and requests that may be sent again, and forgets all requests. */
  broken(): { told: string[]; again: JsonRpcLine[] }
  /** The handshake of the host, to be sent to the next daemon, and the id of the daemon's answer, which the host already has. */
  handshake(): { lines: readonly Buffer[]; answer: string | undefined }
}

/** Methods of requests without effects. Other requests are never sent twice, because the daemon may have executed them. */
const onlyAsk = new Set([
  'initialize',
  'server/discover',
  'ping',
  'tools/list',
  'prompts/list',
  'prompts/get',
  'subscriptions/listen',
])

type Call = { method: string; line: JsonRpcLine | undefined }

/** Tracks the requests of a host from its first line on. */
export function trackHostRequests(): PendingHostRequests {
  const underWay = new Map<string, Call>()
  const asked = new Set<string>()
  let greeting: { lines: Buffer[]; answer: string } | undefined

  return {
    sent: (line) => {
      for (const { id, method } of line.heads) {
        if (id === undefined) {
          if (method === 'notifications/cancelled') underWay.delete(cancelledIn(line))
          if (method === 'notifications/initialized') greeting?.lines.push(Buffer.from(line.bytes()))
        } else if (method === undefined) asked.delete(id)
        else
          underWay.set(id, { method, line: onlyAsk.has(method) && line.came === 'whole' ? line : undefined })
      }
    },
    answered: ({ heads }) => {
      for (const { id, method } of heads) {
        if (id === undefined) continue
        if (method !== undefined) {
          asked.add(id)
          continue
        }
        const call = underWay.get(id)
        underWay.delete(id)
        if (call?.method === 'initialize' && call.line)
          greeting = { lines: [Buffer.from(call.line.bytes())], answer: id }
      }
    },
    endsSubscription: (line) => {
      const [{ id, method } = {}] = line.heads
      const isAnswered = id !== undefined && method === undefined
      return isAnswered && underWay.get(id)?.method === 'subscriptions/listen' && hasResult(line)
    },
    broken: () => {
      const calls = [...underWay]
      const told = [
        ...calls.filter(([, { line }]) => !line).map(([id]) => errorLine(id, daemonEndedErrorText)),
        ...[...asked].map(calledOff),
      ]
      underWay.clear()
      asked.clear()
      return { told, again: calls.flatMap(([, { line }]) => line ?? []) }
    },
    handshake: () => ({ lines: greeting?.lines ?? [], answer: greeting?.answer }),
  }
}

/** Error responses to all requests of a line. */
export function formatHostErrorResponses({ heads }: JsonRpcLine, message: string): string {
  const ids = heads.flatMap(({ id, method }) => (id === undefined || method === undefined ? [] : [id]))
  return ids.map((id) => errorLine(id, message)).join('')
}

function errorLine(id: string, message: string): string {
  return `{"jsonrpc":"2.0","id":${id},"error":{"code":${internalError},"message":${JSON.stringify(message)}}}\n`
}

/** The JSON-RPC code of the shim's errors. It is not -32000, because SDKs treat that code as the end of the connection. */
const internalError = -32603

/** The error message of a request whose daemon ended before it answered. */
export const daemonEndedErrorText =
  'The subagent-mcp daemon ended while this call was under way. It was not sent again, as it may have been carried ' +
  'out. The next call reaches the next daemon: list_agents shows which agents there are, wait reports what they said, ' +
  'and send_message continues one that was interrupted.'

/** Cancels a request of the ended daemon, such as a form, because no daemon would receive the answer. */
function calledOff(id: string): string {
  const reason = JSON.stringify('the subagent-mcp daemon that asked has ended')
  const params = `{"requestId":${id},"reason":${reason}}`
  return `{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}\n`
}

function cancelledIn(line: JsonRpcLine): string {
  return JSON.stringify(memberOf(memberOf(messageIn(line), 'params'), 'requestId') ?? '')
}

function hasResult(line: JsonRpcLine): boolean {
  return memberOf(messageIn(line), 'result') !== undefined
}

/** The message in a line; undefined for a line that was too long to be kept or is not JSON. */
function messageIn(line: JsonRpcLine): unknown {
  try {
    return JSON.parse(line.bytes().toString())
  } catch {
    return undefined
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
