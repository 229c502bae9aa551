import { parseJson } from '@subagent-mcp/contract'

/** The id of a request. This side uses numbers; a peer may use texts. */
export type JsonRpcId = string | number

/** The error in an answer. Codes below -32000 are those of JSON-RPC itself. */
export type JsonRpcError = { code: number; message: string; data?: unknown }

export type JsonRpcMessage =
  | { type: 'request'; id: JsonRpcId; method: string; params: unknown }
  | { type: 'notification'; method: string; params: unknown }
  | { type: 'result'; id: JsonRpcId; result: unknown }
  | { type: 'error'; id: JsonRpcId; error: JsonRpcError }

/** Reads a line as a message, with or without the field `jsonrpc`. Undefined when it is none. Never throws. */
export function parseJsonRpcMessage(line: string): JsonRpcMessage | undefined {
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

const internalError = -32603

type Fields = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isId(value: unknown): value is JsonRpcId {
  return typeof value === 'number' || typeof value === 'string'
}
