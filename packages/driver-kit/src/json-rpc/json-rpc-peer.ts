import { type Clock, once } from '@subagent-mcp/contract'
import { parseJsonRpcMessage, type JsonRpcError, type JsonRpcId } from './json-rpc-message.js'

/** The outcome of a JSON-RPC request to the peer. `lost`: the peer exited before it answered. */
export type JsonRpcOutcome =
  | { type: 'result'; result: unknown }
  | ({ type: 'error' } & JsonRpcError)
  | { type: 'timed-out' }
  | { type: 'lost' }

export type JsonRpcReply = { result: unknown } | { error: JsonRpcError }

/** Sends the reply to a request from the peer; calls after the first are dropped. */
export type SendRpcReply = (reply: JsonRpcReply) => void

export type JsonRpcRequest = { id: JsonRpcId; method: string; params: unknown }

/** One side of a JSON-RPC 2.0 conversation. */
export type JsonRpcPeer = {
  /** Sends a request. Never rejects. Default deadline: the life of the peer. */
  request(method: string, params: unknown, deadlineMs?: number): Promise<JsonRpcOutcome>
  notify(method: string, params?: unknown): void
  /** Reads a line from the peer. Drops a line that is no message, and an answer to no open request. */
  onLine(line: string): void
  /** Called when the peer has exited: open requests and later ones are answered `lost`. */
  end(): void
}

/** The transport and the callbacks of a JSON-RPC peer. None of the callbacks may throw. */
export type JsonRpcPeerOptions = {
  write: (line: string) => void
  clock: Clock
  /** Handles a request; `respond` may be called now or later, and once. For `unknown` the peer gets "method not found". */
  onRequest: (request: JsonRpcRequest, respond: SendRpcReply) => 'taken' | 'unknown'
  onNotification: (method: string, params: unknown) => void
}

const methodNotFound = -32601

/** Creates one side of a JSON-RPC 2.0 conversation, one message per line. */
export function createJsonRpcPeer(options: JsonRpcPeerOptions): JsonRpcPeer {
  const { clock, onNotification } = options
  const waiting = new Map<JsonRpcId, (answer: JsonRpcOutcome) => void>()
  let lastId = 0
  let ended = false
  const write = (message: Record<string, unknown>) => {
    if (!ended) options.write(JSON.stringify({ jsonrpc: '2.0', ...message }))
  }
  const take = (request: JsonRpcRequest) => {
    const respond = once((reply: JsonRpcReply) => write({ id: request.id, ...reply }))
    if (options.onRequest(request, respond) === 'taken') return
    respond({ error: { code: methodNotFound, message: `${request.method} is not supported here` } })
  }
  return {
    request: (method, params, deadlineMs) =>
      new Promise((resolve) => {
        if (ended) {
          resolve({ type: 'lost' })
          return
        }
        const id = (lastId += 1)
        const late = () => waiting.get(id)?.({ type: 'timed-out' })
        const inTime = deadlineMs === undefined ? () => undefined : clock.after(deadlineMs, late)
        waiting.set(id, (answer) => {
          waiting.delete(id)
          inTime()
          resolve(answer)
        })
        write({ id, method, params })
      }),
    notify: (method, params) => write({ method, params }),
    onLine: (line) => {
      const message = parseJsonRpcMessage(line)
      if (ended || message === undefined) return
      if (message.type === 'request') take({ id: message.id, method: message.method, params: message.params })
      else if (message.type === 'notification') onNotification(message.method, message.params)
      else if (message.type === 'error') waiting.get(message.id)?.({ type: 'error', ...message.error })
      else waiting.get(message.id)?.({ type: 'result', result: message.result })
    },
    end: () => {
      ended = true
      for (const settle of [...waiting.values()]) settle({ type: 'lost' })
    },
  }
}
