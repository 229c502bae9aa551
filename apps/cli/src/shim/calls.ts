import type { Line } from './filter-lines.js'

/** The requests under way between a host and its daemon, and what follows from each when the daemon ends. */
export type Calls = {
  /** A line of the host goes to the daemon. */
  sent(line: Line): void
  /** A line of the daemon goes to the host. */
  answered(line: Line): void
  /** The daemon is gone: what the host is told, and what may be sent once more. None of it is under way any more. */
  broken(): { told: string[]; again: Line[] }
  /** What makes another daemon know the host: its handshake, and the id of the answer that the host has already. */
  handshake(): { lines: readonly Buffer[]; answer: string | undefined }
}

/** Nothing can come of these but their answer. All else is never sent twice: it may have been carried out. */
const onlyAsk = new Set(['initialize', 'server/discover', 'ping', 'tools/list'])

type Call = { method: string; line: Line | undefined }

/** The state of a host that has sent nothing yet. */
export function trackCalls(): Calls {
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
    broken: () => {
      const calls = [...underWay]
      const told = [
        ...calls.filter(([, { line }]) => !line).map(([id]) => errorLine(id, interrupted)),
        ...[...asked].map(calledOff),
      ]
      underWay.clear()
      asked.clear()
      return { told, again: calls.flatMap(([, { line }]) => line ?? []) }
    },
    handshake: () => ({ lines: greeting?.lines ?? [], answer: greeting?.answer }),
  }
}

/** The answers to the requests of a line that say why they have no better ones. */
export function errorLines({ heads }: Line, message: string): string {
  const ids = heads.flatMap(({ id, method }) => (id === undefined || method === undefined ? [] : [id]))
  return ids.map((id) => errorLine(id, message)).join('')
}

function errorLine(id: string, message: string): string {
  return `{"jsonrpc":"2.0","id":${id},"error":{"code":${internalError},"message":${JSON.stringify(message)}}}\n`
}

/** Not -32000, which SDKs take for the end of the whole connection. */
const internalError = -32603

/** What a host is told of a call that was with a daemon when it ended. */
export const interrupted =
  'The subagent-mcp daemon ended while this call was under way. It was not sent again, as it may have been carried ' +
  'out. The next call reaches the next daemon: list_agents shows which agents there are, wait reports what they said, ' +
  'and send_message continues one that was interrupted.'

/** A form that the host shows for a daemon that is gone: nobody would hear the answer. */
function calledOff(id: string): string {
  const reason = JSON.stringify('the subagent-mcp daemon that asked has ended')
  const params = `{"requestId":${id},"reason":${reason}}`
  return `{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}\n`
}

function cancelledIn(line: Line): string {
  try {
    const message: unknown = JSON.parse(line.bytes().toString())
    const params = memberOf(message, 'params')
    return JSON.stringify(memberOf(params, 'requestId') ?? '')
  } catch {
    return '' // It is too long to be kept, or no JSON.
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
