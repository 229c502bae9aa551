import { parseJson } from '@subagent-mcp/contract'

/** What names a request: ours are numbers, a peer may choose texts. */
export type JsonRpcId = string | number

/** What a peer's error says; the codes of the protocol itself are below -32000. */
export type JsonRpcError = { code: number; message: string; data?: unknown }

/** One message of a peer's. */
export type JsonRpcMessage =
  | { type: 'request'; id: JsonRpcId; method: string; params: unknown }
  | { type: 'notification'; method: string; params: unknown }
  | { type: 'result'; id: JsonRpcId; result: unknown }
  | { type: 'error'; id: JsonRpcId; error: JsonRpcError }

/** Reads a line, with or without its `jsonrpc` field; `undefined` when it is no message. Never throws. */
export function readJsonRpc(line: string): JsonRpcMessage | undefined {
  const value = parseJson(line)
  if (!isObject(value)) return undefined
  const { id, method, params, result, error } = value
  if (typeof method === 'string') {
    return isId(id) ? { type: 'request', id, method, params } : { type: 'notification', method, params }
  }
  if (!isId(id)) return undefined
  return isObject(error) ? { type: 'error', id, error: readError(error) } : { type: 'result', id, result }
}

function readError({ code, message, data }: Fields): JsonRpcError {
  return {
    code: typeof code === 'number' ? code : internalError,
    message: typeof message === 'string' ? message : 'an error without a message',
    data,
  }
}

/** What the protocol calls an error that nobody foresaw. */
const internalError = -32603

type Fields = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isId(value: unknown): value is JsonRpcId {
  return typeof value === 'number' || typeof value === 'string'
}
