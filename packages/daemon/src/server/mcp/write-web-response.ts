import type { Clock } from '@subagent-mcp/contract'
import type { HttpExchange } from '@subagent-mcp/mcp-server'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** The milliseconds within which a client must read at least a part of a response. The same limit holds for answers on a shim's socket. */
const longestWait = 60_000

/** Converts a request to the web form that the MCP SDK takes. Its body is passed separately. */
export function convertToWebRequest(
  { method = 'GET', url = '/', headers }: IncomingMessage,
  signal: AbortSignal,
): Request {
  const entries = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, [value].flat().join(', ')]],
  )
  return new Request(new URL(url, 'http://localhost'), { method, headers: entries, signal })
}

/**
 * Writes a response no faster than the client reads it, and reports to the exchange when the complete response was passed to the
 * system. Closes the connection of a client that reads nothing for 60 s.
 */
export async function writeWebResponse(
  source: Response,
  { response, exchange, clock }: { response: ServerResponse; exchange: HttpExchange; clock: Clock },
): Promise<void> {
  const end = new AbortController()
  const leave = (): void => {
    end.abort()
  }
  response.once('finish', exchange.written)
  response.once('close', leave)
  if (response.destroyed) leave()
  else response.writeHead(source.status, headersOf(source)).flushHeaders()
  // When the client disconnects, the timers of the SDK's stream must end, too.
  if (source.body) await pump(source.body, { response, clock, signal: end.signal })
  if (end.signal.aborted) return
  response.once(
    'close',
    clock.after(longestWait, () => response.destroy()),
  )
  response.end()
}

type Target = { response: ServerResponse; clock: Clock; signal: AbortSignal }

async function pump(body: NonNullable<Response['body']>, { response, clock, signal }: Target): Promise<void> {
  const target = new WritableStream<Uint8Array>({
    write: (chunk) => (response.write(chunk) ? undefined : drained(response, clock)),
  })
  // The signal aborts when the client has disconnected.
  await body.pipeTo(target, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}

/** Headers of a response, without `Connection`: Node sets it, because a client may have asked to close the connection. */
function headersOf({ headers }: Response): Record<string, string> {
  const { connection: _, ...rest } = Object.fromEntries(headers)
  return { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...rest }
}

function drained(response: ServerResponse, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(longestWait, () => response.destroy())
    const settle = (): void => {
      cancel()
      response.off('drain', settle).off('close', settle)
      resolve()
    }
    response.once('drain', settle).once('close', settle)
  })
}
