import { type Clock, once } from '@subagent-mcp/contract'
import { readJsonRpc, type JsonRpcError, type JsonRpcId } from './json-rpc-message.js'

/** What a request of ours came to. */
export type JsonRpcAnswer =
  | { type: 'result'; result: unknown }
  | ({ type: 'error' } & JsonRpcError)
  | { type: 'timed-out' }
  /** The peer ended before it had answered. */
  | { type: 'lost' }

/** What a request of the peer's is answered. */
export type JsonRpcReply = { result: unknown } | { error: JsonRpcError }

/** A request of the peer's. Its `id` is what the peer may speak of it by. */
export type JsonRpcRequest = { id: JsonRpcId; method: string; params: unknown }

/** One side of a JSON-RPC 2.0 conversation. */
export type JsonRpcPeer = {
  /** Never rejects. Without a deadline it may wait as long as the peer lives. */
  request(method: string, params: unknown, deadlineMs?: number): Promise<JsonRpcAnswer>
  notify(method: string, params?: unknown): void
  /** Takes a line of the peer's. One that is no message, or answers nothing that waits, passes by. */
  hear(line: string): void
  /** The peer is gone: all that waits is lost, and so is what is asked from now on. */
  end(): void
}

/** How the two sides are joined. None of the callbacks may throw. */
export type JsonRpcPeerOptions = {
  write: (line: string) => void
  clock: Clock
  /** Answers now or later, once: more answers are left out. One that is `unknown` is refused as the protocol has it. */
  onRequest: (request: JsonRpcRequest, respond: (reply: JsonRpcReply) => void) => 'taken' | 'unknown'
  onNotification: (method: string, params: unknown) => void
}

const methodNotFound = -32601

/** Speaks JSON-RPC 2.0, a message a line. */
export function createJsonRpcPeer(options: JsonRpcPeerOptions): JsonRpcPeer {
  const { clock, onNotification } = options
  const waiting = new Map<JsonRpcId, (answer: JsonRpcAnswer) => void>()
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
    hear: (line) => {
      const message = readJsonRpc(line)
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
